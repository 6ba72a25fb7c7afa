import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  {
    id: 'load-row',
    title: 'Load row',
    text: 'The workgroup copies its row into workgroup memory; each lane keeps its largest.',
  },
  { id: 'reduce-max', title: 'Maximum over lanes', text: 'The lanes’ maxima are compared in pairs until one is left.' },
  {
    id: 'exponentials',
    title: 'Exponentials',
    text: 'Every element becomes exp(element − maximum), and each lane sums its own.',
  },
  { id: 'reduce-sum', title: 'Sum over lanes', text: 'The lanes’ sums are added in pairs until one total is left.' },
  {
    id: 'maximum-and-sum',
    title: 'Maximum and sum',
    text: 'One pass over the row: the sum so far is brought to each new maximum, and the next exponentials are added.',
  },
  { id: 'write-row', title: 'Write row', text: 'The exponentials are divided by their sum and written.' },
];
