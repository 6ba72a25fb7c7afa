// What lists show of `softmax`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'softmax',
  title: 'Softmax',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Turns every row of scores into weights that are positive and add up to 1.',
  variants: [
    { id: 'shared', title: 'Shared' },
    { id: 'per-row', title: 'A lane per row' },
    { id: 'tuned', title: 'Tuned' },
  ],
  presets: [
    { id: 'scores', title: '16 rows of 256 scores', variant: 'shared', config: { rows: 16, width: 256 } },
    { id: 'narrow', title: 'Rows narrower than the workgroup', variant: 'shared', config: { rows: 5, width: 7 } },
  ],
};
