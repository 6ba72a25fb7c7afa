// What lists show of `selective-state-update`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'selective-state-update',
  title: 'Selective state update (decode step)',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'The selective scan’s step for one more token: the state is read, changed and written in place.',
  variants: [{ id: 'direct', title: 'In place' }],
  presets: [
    { id: 'mamba-1', title: 'Mamba-1 step', variant: 'direct', config: { batch: 1, dim: 16, dstate: 8 } },
    {
      id: 'mamba-2',
      title: 'Mamba-2 step, four heads in two groups',
      variant: 'direct',
      config: { batch: 1, heads: 4, dim: 8, dstate: 16, groups: 2 },
    },
  ],
};
