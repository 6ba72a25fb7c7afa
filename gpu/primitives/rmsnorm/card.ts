// What lists show of `rmsnorm`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'rmsnorm',
  title: 'RMS normalisation',
  role: 'primitive',
  family: 'Building blocks',
  summary:
    'Divides every row by the root of its mean square, then scales it: what Llama, Mamba and Jamba normalise with.',
  variants: [
    { id: 'shared', title: 'Shared' },
    { id: 'per-row', title: 'A lane per row' },
    { id: 'tuned', title: 'Tuned' },
  ],
  presets: [
    { id: 'tokens', title: '16 tokens of 256 numbers', variant: 'shared', config: { rows: 16, width: 256 } },
    { id: 'narrow', title: 'Rows narrower than the workgroup', variant: 'shared', config: { rows: 5, width: 7 } },
  ],
};
