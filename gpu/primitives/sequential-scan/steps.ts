import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  {
    id: 'load-weights',
    title: 'Load A, D, bias',
    text: 'Every invocation takes the row of A, the skip weight and the bias of its channel into registers.',
  },
  {
    id: 'stage-b-c',
    title: 'Stage B, C',
    text: 'The workgroup copies B and C of the next time steps into workgroup memory, once for all its channels.',
  },
  {
    id: 'advance',
    title: 'Advance the state',
    text: 'Δ opens or closes: the state forgets by Ā = exp(ΔA), takes in B̄u, and C reads the output from it.',
  },
  { id: 'store-state', title: 'Store last state', text: 'The state after the last time step is written out.' },
  { id: 'sum-over-time', title: 'Average over time', text: 'S4 mode: one row of Δ, B or C is summed over time.' },
  { id: 'hold', title: 'Hold the mean', text: 'S4 mode: the mean takes the place of every time step.' },
];
