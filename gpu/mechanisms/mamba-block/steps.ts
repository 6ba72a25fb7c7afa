import type { StepMeaning } from '../mechanism.ts';

export const ownSteps: StepMeaning[] = [
  { id: 'stage-weights', title: 'Stage weights', text: 'Rows of the weight matrix are copied into workgroup memory.' },
  {
    id: 'multiply',
    title: 'Multiply',
    text: 'Every invocation adds the products of its time step with the staged rows.',
  },
  { id: 'write-projection', title: 'Write projection', text: 'The projected channels of the time step are written.' },
];
