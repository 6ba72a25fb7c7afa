import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'sum-chunk', title: 'Sum chunk', text: 'Every lane adds up the rows of its chunk of a channel.' },
  { id: 'sum-above', title: 'Sum above', text: 'Every lane adds up the totals of the chunks above its own.' },
  { id: 'add-row', title: 'Add row', text: 'The running sum takes in the next row and is written.' },
];
