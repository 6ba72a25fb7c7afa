// What lists show of `attention`.

import type { Card } from '../mechanism.ts';

export const card: Card = {
  id: 'attention',
  title: 'FlashAttention',
  role: 'mechanism',
  family: 'Attention',
  summary:
    'Every token looks at every other and takes up a weighted mean of what they carry, computed tile by tile in fast memory.',
  variants: [
    { id: 'standard', title: 'Standard attention' },
    { id: 'flash-v1', title: 'FlashAttention' },
    { id: 'flash-v2', title: 'FlashAttention-2' },
    { id: 'flash-v2-block-sparse', title: 'FlashAttention-2, block-sparse' },
    { id: 'flash-v2-tuned', title: 'FlashAttention-2, tuned' },
  ],
  decodes: true,
  presets: [
    {
      id: 'first-look',
      title: 'A first look: 64 × 64 scores in 16 tiles',
      variant: 'flash-v2',
      config: { heads: 1, nq: 64, nk: 64, headDim: 32, br: 16, bc: 16 },
    },
    {
      id: 'causal',
      title: 'Causal: nearly half of the tiles are never loaded',
      variant: 'flash-v2',
      config: { heads: 1, nq: 128, nk: 128, headDim: 32, causal: true, br: 16, bc: 16 },
    },
    {
      id: 'paper-order',
      title: 'The first paper’s loop order: output and statistics come and go',
      variant: 'flash-v1',
      config: { heads: 1, nq: 64, nk: 64, headDim: 32, br: 16, bc: 16 },
    },
    {
      id: 'score-matrix',
      title: 'Standard attention: the whole score matrix goes to HBM and back, twice',
      variant: 'standard',
      config: { heads: 1, nq: 64, nk: 64, headDim: 32 },
    },
    {
      id: 'grouped-query',
      title: 'Grouped-query attention: four query heads share one key head',
      variant: 'flash-v2',
      config: { heads: 8, kvHeads: 2, nq: 64, nk: 64, headDim: 32, br: 32, bc: 16 },
    },
    {
      id: 'sliding-window',
      title: 'Sliding window: a band of 24 keys behind each query',
      variant: 'flash-v2',
      config: { heads: 1, nq: 128, nk: 128, headDim: 32, causal: true, windowLeft: 24, br: 16, bc: 16 },
    },
    {
      id: 'local-global',
      title: 'Block-sparse: near the diagonal, and one block everyone sees',
      variant: 'flash-v2-block-sparse',
      config: { heads: 1, nq: 128, nk: 128, headDim: 32, br: 16, bc: 16, pattern: 'local-global' },
    },
    {
      id: 'butterfly',
      title: 'Block-sparse: butterfly',
      variant: 'flash-v2-block-sparse',
      config: { heads: 1, nq: 128, nk: 128, headDim: 32, br: 16, bc: 16, pattern: 'butterfly' },
    },
    {
      id: 'ragged',
      title: 'Sizes that no tile divides: the last tiles load fewer rows',
      variant: 'flash-v2',
      config: { heads: 1, nq: 50, nk: 77, headDim: 24, br: 16, bc: 32 },
    },
    {
      id: 'lengths',
      title: 'Sequences of different lengths, one of them empty',
      variant: 'flash-v2',
      config: {
        batch: 4,
        heads: 1,
        nq: 48,
        nk: 48,
        headDim: 32,
        seqlensQ: [48, 17, 0, 30],
        seqlensK: [48, 17, 0, 30],
        causal: true,
        br: 16,
        bc: 16,
      },
    },
    {
      id: 'small-memory',
      title: 'The honest case: tiles so small that FlashAttention moves more than standard attention',
      variant: 'flash-v2',
      config: { heads: 1, nq: 128, nk: 128, headDim: 64, br: 16, bc: 16 },
    },
  ],
};
