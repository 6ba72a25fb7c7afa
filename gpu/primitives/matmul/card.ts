// What lists show of `matmul`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'matmul',
  title: 'Matrix product',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Multiplies two matrices in tiles, so that each value fetched from memory serves many products.',
  variants: [
    { id: 'tiled', title: 'Tiled' },
    { id: 'tuned', title: 'Tuned' },
  ],
  presets: [
    { id: 'square', title: '64 × 64 times 64 × 64', variant: 'tiled', config: { m: 64, k: 64, n: 64 } },
    {
      id: 'ragged',
      title: 'Ragged edges: 50 × 33 times 33 × 21',
      variant: 'tiled',
      config: { m: 50, k: 33, n: 21, bias: true },
    },
  ],
};
