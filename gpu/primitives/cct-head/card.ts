// What lists show of `cct-head`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'cct-head',
  title: 'Positions, norm, pooling, classes',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Reads a class from tokens: by a mean in which each counts as much as it says, or by a class token.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'seqpool',
      title: '9 tokens, SeqPool',
      variant: 'direct',
      config: { batch: 2, tokens: 9, width: 12, classes: 5 },
    },
    {
      id: 'class-token',
      title: '9 tokens and a class token',
      variant: 'direct',
      config: { batch: 2, tokens: 9, width: 12, classes: 5, seqPool: false },
    },
  ],
};
