import type { StepMeaning } from '../mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'load-decay-rate', title: 'Load A, bias', text: 'The rate of the head and its bias are taken.' },
  {
    id: 'load-total',
    title: 'Load total decay',
    text: 'Where decays are differences, the decay over the whole chunk is taken.',
  },
  { id: 'take-initial', title: 'Take the initial state', text: 'The state before the first token is taken, or 0.' },
  {
    id: 'accumulate-decay',
    title: 'Add up the decay',
    text: 'Log decays are made and summed along the chunk: the sum is the decay since the chunk began.',
  },
  {
    id: 'sum-segments',
    title: 'Sum the decays',
    text: 'A row’s log decay to each earlier column: a sum that grows by one step per column, or a difference of running sums.',
  },
  {
    id: 'score-tile',
    title: 'Score a tile',
    text: 'C of every row meets B of every earlier column, times the decay between them.',
  },
  { id: 'apply-scores', title: 'Apply the scores', text: 'Every output adds its scores times the inputs of the tile.' },
  {
    id: 'write-diagonal',
    title: 'Write own part',
    text: 'What the chunk’s own tokens give to its outputs is written.',
  },
  {
    id: 'gather-state',
    title: 'Gather the state',
    text: 'Every token writes X Bᵀ into the chunk’s state, decayed to the end of the chunk.',
  },
  {
    id: 'pass-state',
    title: 'Pass the state',
    text: 'The state of all earlier chunks decays over this one and takes in its state.',
  },
  {
    id: 'read-state',
    title: 'Read the state',
    text: 'C reads the carried state; with the decay since the chunk began it joins the output.',
  },
];
