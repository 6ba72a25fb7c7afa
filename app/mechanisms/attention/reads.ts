// What a sentence and a dropped file become: q, k and v of its first layer, or the tensors as other programs save them.

import type { Reads } from '../../exhibit/reads.ts';

/** flash-attention's order; without a batch it is one sequence, without heads one head. */
const FORMS = [
  ['batch', 'tokens', 'heads', 'headDim'],
  ['tokens', 'heads', 'headDim'],
  ['tokens', 'headDim'],
];

export const attentionReads: Reads = {
  sentence: {
    by: { query: 'q', key: 'k', value: 'v' },
    taken: ['heads'],
    settle: async (given) => (await import('./fit-sentence.ts')).fitSentence(given),
  },
  file: {
    aliases: { query: 'q', key: 'k', value: 'v' },
    forms: { q: FORMS, k: FORMS, v: FORMS },
    stacked: ['q', 'k', 'v'],
  },
};
