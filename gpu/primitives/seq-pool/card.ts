// What lists show of `seq-pool`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'seq-pool',
  title: 'Sequence pooling',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Makes one row of many: it learns from the rows themselves how much each of them counts.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    { id: 'patches', title: '49 patches of a digit', variant: 'direct', config: { batch: 1, tokens: 49, width: 64 } },
  ],
};
