// What lists show of `causal-conv1d`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'causal-conv1d',
  title: 'Causal convolution',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Mixes every value with the few before it: the short filter in front of Mamba’s scan.',
  variants: [
    { id: 'direct', title: 'Whole sequence' },
    { id: 'update', title: 'Decode step' },
  ],
  presets: [
    { id: 'mamba', title: 'Width 4 with SiLU', variant: 'direct', config: { batch: 1, dim: 8, seqlen: 32, width: 4 } },
    {
      id: 'decode',
      title: 'One decode step',
      variant: 'update',
      config: { batch: 1, dim: 8, seqlen: 1, width: 4, step: true },
    },
  ],
};
