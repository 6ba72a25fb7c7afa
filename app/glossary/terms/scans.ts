// Terms of scans, for every exhibit that keeps what it has read in a state.

import type { TermSet } from '../../exhibit/terms.ts';

export const scanTerms: TermSet = {
  title: 'Scans',
  ids: ['state', 'zero-order-hold'],
  words: [],
  load: async () => (await import('../entries/scans.ts')).entries,
};
