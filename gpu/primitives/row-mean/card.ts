// What lists show of `row-mean`.

import type { Card } from '../../mechanisms/mechanism.ts';

export const card: Card = {
  id: 'row-mean',
  title: 'Mean of rows',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Makes one row of many: their mean, in which some may count for more than others.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [
    { id: 'tokens', title: 'The mean of 49 tokens', variant: 'direct', config: { batch: 1, tokens: 49, width: 64 } },
    {
      id: 'weighted',
      title: 'Tokens with weights',
      variant: 'direct',
      config: { batch: 2, tokens: 9, width: 12, hasWeights: true },
    },
  ],
};
