// What lists show of `positions`.

import type { Card } from '../../mechanisms/mechanism.ts';

const small = { batch: 1, heads: 2, kvHeads: 2, seqlen: 16, dim: 8 };

export const card: Card = {
  id: 'positions',
  title: 'Positions',
  role: 'primitive',
  family: 'Building blocks',
  summary:
    'Tells attention which token is where: by rotating queries and keys, by a bias on scores, or by waves that are added.',
  variants: [
    { id: 'rope', title: 'Rotary' },
    { id: 'alibi', title: 'ALiBi' },
    { id: 'sinusoidal', title: 'Sinusoidal' },
    { id: 'rotate', title: 'Rotary, one tensor' },
  ],
  presets: [
    { id: 'rotary', title: '16 tokens are rotated', variant: 'rope', config: { ...small, style: 'half' } },
    {
      id: 'biases',
      title: 'Biases of twelve heads',
      variant: 'alibi',
      config: { batch: 1, heads: 12, seqlen: 20, style: 'bloom' },
    },
    { id: 'waves', title: 'A table of waves', variant: 'sinusoidal', config: { seqlen: 16, dim: 8, style: 'marian' } },
    { id: 'keys', title: 'Keys alone', variant: 'rotate', config: { ...small, style: 'interleaved' } },
  ],
};
