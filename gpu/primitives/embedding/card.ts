// What lists show of `embedding`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'embedding',
  title: 'Token embedding',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Turns the number of every token into its row of a table, with a signal that tells its position.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'sentence',
      title: '12 tokens of 64 numbers with a timing signal',
      variant: 'direct',
      config: { n: 12, rows: 100, width: 64, timing: true },
    },
    { id: 'plain', title: 'Lookup only', variant: 'direct', config: { n: 7, rows: 30, width: 33, timing: false } },
  ],
};
