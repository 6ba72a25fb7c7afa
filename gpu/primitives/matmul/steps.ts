import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  {
    id: 'load-tiles',
    title: 'Load tiles',
    text: 'The workgroup copies one tile of a and one of b into workgroup memory.',
  },
  {
    id: 'multiply',
    title: 'Multiply',
    text: 'Every lane adds the products of its rows of a with its column of b to its sums.',
  },
  { id: 'write-tile', title: 'Write tile', text: 'Every lane adds the bias and writes its elements of c.' },
];
