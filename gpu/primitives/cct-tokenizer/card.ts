// What lists show of `cct-tokenizer`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'cct-tokenizer',
  title: 'Convolutional tokenizer',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Makes tokens of a picture with small filters instead of cutting it into squares.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    {
      id: 'digit',
      title: 'Two convolutions of a small digit',
      variant: 'direct',
      config: { batch: 1, inChannels: 1, height: 14, width: 14, layers: 2, inPlanes: 8, outChannels: 16 },
    },
  ],
};
