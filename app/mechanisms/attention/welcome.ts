// For who sees attention for the first time: what the picture means, and where to go from it.

import type { Welcome } from '../../exhibit/offer.ts';

export const attentionWelcome: Welcome = {
  caption:
    'The table compares every word (down) with every other (across). A box that fills is one tile of it, made and used up in fast memory on the chip: the whole table is never stored.',
  offers: [
    {
      label: '512 tokens: where it pays',
      input: 'random',
      variant: 'flash-v2',
      anew: true,
      config: { heads: 1, nq: 512, nk: 512, headDim: 16, br: 64, bc: 32 },
    },
    { label: 'Which word looks at which', view: 'scores' },
    {
      label: 'Look inside Mamba',
      mechanism: 'selective-scan',
      variant: 'sequential',
      input: 'sentence',
      anew: true,
      view: '',
    },
  ],
};
