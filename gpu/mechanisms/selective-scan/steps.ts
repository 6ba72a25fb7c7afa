import { steps as sequentialSteps } from '../../primitives/sequential-scan/steps.ts';
import type { StepMeaning } from '../mechanism.ts';

const ownSteps: StepMeaning[] = [
  { id: 'load-rates', title: 'Load A', text: 'The rates A of the channel, and its weights, are brought in.' },
  {
    id: 'stage-input-map',
    title: 'Stage B',
    text: 'B of the next time steps is copied into workgroup memory, once for all channels of the workgroup.',
  },
  {
    id: 'discretize',
    title: 'Discretise',
    text: 'Δ turns A and B into Ā = exp(ΔA) and B̄u: how much is forgotten and what is written.',
  },
  { id: 'recur', title: 'Recur', text: 'h = Āh + B̄u, with both factors read from memory and h written back to it.' },
  {
    id: 'divide',
    title: 'Divide by the product',
    text: 'h = P Σ B̄u / P with the running product P of all Ā: right on paper, until P underflows.',
  },
  { id: 'load-skip', title: 'Load D', text: 'The skip weight of every channel is brought in.' },
  {
    id: 'stage-output-map',
    title: 'Stage C',
    text: 'C of the next time steps is copied into workgroup memory, once for all channels of the workgroup.',
  },
  {
    id: 'read-out',
    title: 'Read out',
    text: 'The state comes back from memory; C, the skip and the gate make the output.',
  },
  { id: 'load-signal', title: 'Load u, Δ', text: 'Every lane takes the signal and the step size of its time step.' },
  {
    id: 'combine-left',
    title: 'Combine with the left',
    text: 'Every lane combines its stretch of time with the one that ends where its own begins; stretches double.',
  },
  { id: 'up-sweep', title: 'Up-sweep', text: 'Neighbouring stretches are combined in pairs, up to the whole tile.' },
  {
    id: 'plant-carry',
    title: 'Plant the carry',
    text: 'The root takes the state that the tile before ended with, in place of the total.',
  },
  {
    id: 'down-sweep',
    title: 'Down-sweep',
    text: 'Every node hands its prefix to the left child, and prefix with left total to the right one.',
  },
  { id: 'apply-own', title: 'Apply own step', text: 'Every lane applies its own time step to the state before it.' },
  { id: 'write-output', title: 'Write output', text: 'The gate is applied and the outputs of the tile are written.' },
  {
    id: 'load-weights',
    title: 'Load A, D, bias',
    text: 'Every invocation takes the weights of its channel into registers.',
  },
  { id: 'stage-b', title: 'Stage B', text: 'B of the next time steps is copied into workgroup memory.' },
  {
    id: 'advance-local',
    title: 'Advance from zero',
    text: 'The chunk is scanned as if nothing came before it; ΣΔ says how much of what did will be left.',
  },
  {
    id: 'store-summary',
    title: 'Store the summary',
    text: 'The final local state and ΣΔ: all that later chunks need of this one.',
  },
  {
    id: 'pass-carry',
    title: 'Pass the carry',
    text: 'The state is carried over one chunk: decay by exp(A ΣΔ), add its local state.',
  },
  {
    id: 'take-carry',
    title: 'Take the carry',
    text: 'The chunk starts from the state that the chunks before it left.',
  },
  { id: 'stage-b-c', title: 'Stage B, C', text: 'B and C of the next time steps are copied into workgroup memory.' },
  {
    id: 'advance',
    title: 'Advance the state',
    text: 'The state forgets by Ā, takes in B̄u, and C reads the output from it.',
  },
  { id: 'store-state', title: 'Store last state', text: 'The state after the last time step is written out.' },
];

/** Of all kernels that the variants run, the fused scan's among them. */
export const selectiveScanSteps: StepMeaning[] = [
  ...sequentialSteps,
  ...ownSteps.filter((own) => sequentialSteps.every(({ id }) => id !== own.id)),
];
