import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'read-id', title: 'Read id', text: 'Every lane reads the id of the workgroup’s token.' },
  {
    id: 'gather-row',
    title: 'Gather row',
    text: 'The lanes copy the next stretch of the token’s table row, scaled, and add the timing signal of its position.',
  },
];
