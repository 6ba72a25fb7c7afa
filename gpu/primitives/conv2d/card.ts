// What lists show of `conv2d`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'conv2d',
  title: 'Convolution over a picture',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Moves small filters over a picture: every one makes a picture of where it fits.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'digits',
      title: 'A digit, 8 filters of 3 × 3',
      variant: 'direct',
      config: { batch: 1, planes: 1, height: 14, width: 14, outPlanes: 8, kernel: 3, padding: 1 },
    },
    {
      id: 'wide-filters',
      title: 'Filters of 7 × 7, two cells apart',
      variant: 'direct',
      config: { batch: 1, planes: 3, height: 17, width: 20, outPlanes: 5, kernel: 7, stride: 2, padding: 3 },
    },
  ],
};
