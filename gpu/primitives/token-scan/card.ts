// What lists show of `token-scan`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'token-scan',
  title: 'Selective scan of tokens',
  role: 'primitive',
  family: 'Building blocks',
  summary:
    'Takes in tokens one after the other, each changing a state of fixed size, which stays for the tokens to come.',
  variants: [{ id: 'direct', title: 'A channel per invocation' }],
  presets: [
    {
      id: 'mamba',
      title: 'S6: a rate for every state',
      variant: 'direct',
      config: { tokens: 12, heads: 16, states: 8, form: 's6' },
    },
    {
      id: 'mamba-2',
      title: 'SSD: a rate for every head, one token more',
      variant: 'direct',
      config: { tokens: 1, heads: 4, headDim: 8, states: 16, groups: 2, form: 'ssd', position: 7 },
    },
  ],
};
