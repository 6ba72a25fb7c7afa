import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import { steps as updateSteps } from '../../primitives/selective-state-update/steps.ts';
import { steps as scanSteps } from '../../primitives/sequential-scan/steps.ts';
import type { StepMeaning } from '../mechanism.ts';

const ownSteps: StepMeaning[] = [
  { id: 'stage-weights', title: 'Stage weights', text: 'Rows of the weight matrix are copied into workgroup memory.' },
  {
    id: 'multiply',
    title: 'Multiply',
    text: 'Every invocation adds the products of its time step with the staged rows.',
  },
  { id: 'write-projection', title: 'Write projection', text: 'The projected channels of the time step are written.' },
];

/** Of all kernels of the block, those of the primitives among them. */
export const mambaBlockSteps: StepMeaning[] = [...ownSteps, ...causalConv1d.steps, ...scanSteps, ...updateSteps];
