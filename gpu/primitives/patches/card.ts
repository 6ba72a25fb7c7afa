// What lists show of `patches`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'patches',
  title: 'Patches of a picture',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Cuts a picture into small squares and lays out each of them as a row of numbers.',
  variants: [{ id: 'copy', title: 'Copy' }],
  presets: [
    {
      id: 'digit',
      title: 'A digit in squares of 4 × 4',
      variant: 'copy',
      config: { batch: 1, planes: 1, height: 28, width: 28, patch: 4 },
    },
    {
      id: 'overlapping',
      title: 'Squares that overlap',
      variant: 'copy',
      config: { batch: 1, planes: 2, height: 9, width: 11, patch: 3, stride: 2, padding: 1 },
    },
  ],
};
