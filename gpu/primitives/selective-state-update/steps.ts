import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  {
    id: 'update-state',
    title: 'Update a state',
    text: 'One state of every channel forgets by Ā, takes in B̄x, and adds its share to the output.',
  },
];
