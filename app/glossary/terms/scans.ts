// Terms of scans, for every exhibit that keeps what it has read in a state.

import type { TermSet } from '../../exhibit/terms.ts';

export const scanTerms: TermSet = {
  title: 'Scans',
  ids: ['state', 'delta', 'selection', 's4', 's6', 'scan', 'chunk', 'combine', 'zero-order-hold'],
  words: [
    ['S4', 's4'],
    ['S6', 's6'],
    ['Δ', 'delta'],
    ['selection', 'selection'],
    ['chunks?', 'chunk'],
    ['combines?', 'combine'],
    ['scans?', 'scan'],
    ['states?', 'state'],
  ],
  load: async () => (await import('../entries/scans.ts')).entries,
};
