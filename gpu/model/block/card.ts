// What lists show of `block`.

import type { Card } from '../../mechanisms/mechanism.ts';

const size = { batch: 1, seqlen: 12, width: 16 };

export const card: Card = {
  id: 'block',
  title: 'A block of a stack',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'One block of a network, or several in a row, on rows that are given: what a stack is made of, by itself.',
  variants: [
    { id: 'attention', title: 'Attention' },
    { id: 'mlp', title: 'Feed-forward' },
    { id: 'moe', title: 'Mixture of experts' },
    { id: 'mamba', title: 'Mamba' },
    { id: 'mamba2', title: 'Mamba-2' },
    { id: 'cct', title: 'Compact Transformers' },
    { id: 'sequence', title: 'Several in a row' },
  ],
  presets: [
    { id: 'attention', title: 'Attention of two heads', variant: 'attention', config: { ...size, heads: 2 } },
    { id: 'mamba', title: 'Mamba', variant: 'mamba', config: { ...size, inner: 32, states: 4, dtRank: 2 } },
    {
      id: 'jamba',
      title: 'Mamba and experts',
      variant: 'sequence',
      config: {
        ...size,
        blocks: [
          { kind: 'mamba', norm: 'rms', inner: 32, states: 4, dtRank: 2 },
          { kind: 'moe', norm: 'rms', experts: 4, topK: 2, hidden: 24 },
        ],
        finalNorm: 'rms',
      },
    },
  ],
};
