// What lists show of `linear`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'linear',
  title: 'Linear map',
  role: 'primitive',
  family: 'Building blocks',
  summary:
    'Maps every row by a weight matrix, and does what follows in the same pass: bias, activation, gate, residual.',
  variants: [
    { id: 'tiled', title: 'Tiled, for many rows' },
    { id: 'row', title: 'Row by row, for few rows' },
  ],
  presets: [
    { id: 'rows', title: '32 rows, 64 to 64', variant: 'tiled', config: { rows: 32, k: 64, n: 64, bias: true } },
    {
      id: 'token',
      title: 'One token, 64 to 256, GELU',
      variant: 'row',
      config: { rows: 1, k: 64, n: 256, bias: true, activation: 'gelu-tanh' },
    },
  ],
};
