import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'load-token', title: 'Load the token', text: 'The signal, Δ and the weights of the channel are taken.' },
  {
    id: 'update-state',
    title: 'Update a state',
    text: 'One state of every channel forgets by Ā, takes in B̄x, and adds its share to the output.',
  },
];
