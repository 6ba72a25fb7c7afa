// Generation with a KV cache: one query row against the K and V of every token, its own among them.

import type { Decoding } from '../mechanism.ts';
import type { AttentionConfig } from './config.ts';

/** Channels of a head where nothing else is asked for. */
const HEAD = 64;

/** The fewest heads of at most HEAD channels. */
function headsOf(width: number): number {
  let heads = Math.ceil(width / HEAD);
  while (width % heads > 0) heads++;
  return heads;
}

export const decoding: Decoding = {
  variant: 'flash-v2',
  keeps: 'KV cache',
  caches: ['k', 'v'],
  step: 'run',
  width: (config) => {
    const { heads, headDim } = config as AttentionConfig;
    return heads * headDim;
  },
  length: ({ nk }) => nk as number,
  sizes: (config) => {
    const { heads, kvHeads, headDim } = config as AttentionConfig;
    const keys = kvHeads === heads ? '' : `, ${kvHeads} of them with keys`;
    return `${heads} ${heads === 1 ? 'head' : 'heads'} of ${headDim} channels${keys}`;
  },
  configAt(length, width, like) {
    const { heads, kvHeads, headDim } = (like as AttentionConfig | undefined) ?? {
      heads: headsOf(width),
      kvHeads: headsOf(width),
      headDim: width / headsOf(width),
    };
    return { batch: 1, heads, kvHeads, headDim, nq: 1, nk: length };
  },
  cacheBytes: (config) => {
    const { batch, nk, kvHeads, headDim } = config as AttentionConfig;
    return 2 * 4 * batch * nk * kvHeads * headDim;
  },
};
