// What lists show of `prefix-scan`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'prefix-scan',
  title: 'Prefix sum',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Running sums along a sequence, one row after the other or in chunks side by side.',
  variants: [
    { id: 'sequential', title: 'Sequential' },
    { id: 'chunked', title: 'Chunked' },
    { id: 'tuned', title: 'Tuned' },
  ],
  presets: [
    { id: 'columns', title: '64 rows of 32 channels', variant: 'chunked', config: { length: 64, channels: 32 } },
    {
      id: 'ragged',
      title: 'Rows that no chunk divides',
      variant: 'chunked',
      config: { length: 37, channels: 5 },
    },
  ],
};
