// What lists show of `sequential-scan`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'sequential-scan',
  title: 'Fused selective scan',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'The selective scan in one pass over the sequence, with the states in registers from beginning to end.',
  variants: [
    { id: 'sequential', title: 'Fused, one channel per invocation' },
    { id: 'sequential-x4', title: 'Fused, four channels per invocation' },
  ],
  presets: [
    {
      id: 'small',
      title: '8 channels, 4 states, 32 steps',
      variant: 'sequential',
      config: { batch: 1, dim: 8, dstate: 4, seqlen: 32 },
    },
    {
      id: 'wide',
      title: '256 channels, 16 states, 1024 steps',
      variant: 'sequential-x4',
      config: { batch: 1, dim: 256, dstate: 16, seqlen: 1024 },
    },
  ],
};
