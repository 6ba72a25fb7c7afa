// What lists show of `short-convolution`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'short-convolution',
  title: 'Short convolution of tokens',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Mixes every token’s row with the few before it, and keeps the last ones for the tokens to come.',
  variants: [{ id: 'direct', title: 'Any number of tokens' }],
  presets: [
    {
      id: 'mamba',
      title: 'Width 4 with SiLU, before a scan',
      variant: 'direct',
      config: { tokens: 16, channels: 8, width: 4, newestLast: true, activation: 'silu', hasBias: true },
    },
    {
      id: 'primer',
      title: 'Width 3, one token after five',
      variant: 'direct',
      config: { tokens: 1, channels: 8, width: 3, position: 5 },
    },
  ],
};
