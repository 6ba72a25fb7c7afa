import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  {
    id: 'gather-row',
    title: 'Gather row',
    text: 'The lanes copy the next stretch of the token’s table row, scaled, and add the timing signal of its position.',
  },
];
