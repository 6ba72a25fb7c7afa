// Terms of mixtures of experts.

import type { TermSet } from '../../exhibit/terms.ts';

export const expertTerms: TermSet = {
  title: 'Mixtures of experts',
  ids: ['expert', 'router', 'top-k', 'renormalise', 'load'],
  words: [
    ['top-k', 'top-k'],
    ['routers?', 'router'],
    ['experts?', 'expert'],
  ],
  load: async () => (await import('../entries/experts.ts')).entries,
};
