// Terms that mean the same on every page.

import type { TermSet } from '../../exhibit/terms.ts';

export const generalTerms: TermSet = {
  title: 'Everywhere',
  ids: [
    'kernel',
    'token',
    'hbm',
    'sram',
    'registers',
    'tile',
    'workgroup',
    'invocation',
    'dispatch',
    'barrier',
    'kv-cache',
    'seed',
    'parity',
    'trace',
    'step',
    'reuse',
    'measured',
    'exact',
    'closed-form',
    'confidence-interval',
    'quantum',
    'software-adapter',
    'underflow',
    'cancellation',
  ],
  words: [
    ['closed form', 'closed-form'],
    ['tiles?', 'tile'],
    ['kernels?', 'kernel'],
    ['tokens?', 'token'],
    ['workgroups?', 'workgroup'],
    ['HBM', 'hbm'],
    ['SRAM', 'sram'],
    ['float64', 'parity'],
  ],
  load: async () => (await import('../entries/general.ts')).entries,
};
