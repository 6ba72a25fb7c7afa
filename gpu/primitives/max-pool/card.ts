// What lists show of `max-pool`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'max-pool',
  title: 'Max pooling',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Makes a picture smaller: of every small window only the largest cell stays.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'halve',
      title: 'Windows of 3 × 3, two cells apart',
      variant: 'direct',
      config: { batch: 1, planes: 4, height: 14, width: 14, kernel: 3, stride: 2, padding: 1 },
    },
  ],
};
