import type { StepMeaning } from '../mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'load-decay-rate', title: 'Load A, bias', text: 'The rate of the head and its bias are taken.' },
  { id: 'load-total', title: 'Load total decay', text: 'The decay over the whole chunk is taken.' },
  { id: 'take-initial', title: 'Take the initial state', text: 'The state before the first token is taken, or 0.' },
  {
    id: 'accumulate-decay',
    title: 'Add up the decay',
    text: 'Log decays are summed along the chunk; differences of the sums are decays.',
  },
  {
    id: 'sum-segments',
    title: 'Sum every decay',
    text: 'The log decays from every step to every later one are summed directly, without a difference.',
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
