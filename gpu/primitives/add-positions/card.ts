// What lists show of `add-positions`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'add-positions',
  title: 'Class token and positions',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Puts a row of its own before the rows of a picture, and adds to each what tells its place.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'patches',
      title: '9 patches and a class token',
      variant: 'direct',
      config: { batch: 1, tokens: 9, width: 16, hasClassToken: true, hasPositions: true },
    },
  ],
};
