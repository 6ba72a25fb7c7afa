// What lists show of `layernorm`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'layernorm',
  title: 'Layer normalisation',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Brings every row to mean 0 and variance 1, then scales and shifts it.',
  variants: [
    { id: 'two-pass', title: 'Two-pass' },
    { id: 'per-row', title: 'A lane per row' },
    { id: 'tuned', title: 'Tuned' },
  ],
  presets: [
    { id: 'tokens', title: '16 tokens of 256 numbers', variant: 'two-pass', config: { rows: 16, width: 256 } },
    { id: 'narrow', title: 'Rows narrower than the workgroup', variant: 'two-pass', config: { rows: 5, width: 7 } },
  ],
};
