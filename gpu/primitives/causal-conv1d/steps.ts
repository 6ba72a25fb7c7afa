import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'load-bias', title: 'Load bias', text: 'The bias of the channel starts the sum.' },
  { id: 'find-place', title: 'Find the place', text: 'In a ring, the length so far says where the next input goes.' },
  { id: 'filter', title: 'Filter', text: 'One tap of the filter: a weight times the input that many steps back.' },
  {
    id: 'keep-inputs',
    title: 'Keep the last inputs',
    text: 'The last W − 1 inputs are stored for the step that follows.',
  },
  { id: 'filter-step', title: 'Filter one step', text: 'The new input is filtered together with the kept ones.' },
  { id: 'overwrite-oldest', title: 'Overwrite the oldest', text: 'The new input takes the oldest place of the ring.' },
  { id: 'roll-state', title: 'Roll the state', text: 'Kept inputs move one place; the new one joins at the end.' },
];
