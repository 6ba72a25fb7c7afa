import type { StepMeaning } from '../../mechanisms/mechanism.ts';

export const steps: StepMeaning[] = [
  { id: 'load-row', title: 'Load row', text: 'The workgroup copies its row into workgroup memory and sums it up.' },
  {
    id: 'sum-lanes',
    title: 'Sum over lanes',
    text: 'The lanes’ partial sums are added in pairs until one total is left.',
  },
  {
    id: 'deviations',
    title: 'Deviations',
    text: 'Every lane sums the squared deviations of its elements from the mean.',
  },
  {
    id: 'normalise',
    title: 'Normalise',
    text: 'Every element is centred, divided by the deviation, scaled, shifted and written.',
  },
];
