// What each marked step of the kernels means.

import type { StepMeaning } from '../mechanism.ts';

export const attentionSteps: StepMeaning[] = [
  {
    id: 'load-q',
    title: 'Load query tile',
    text: 'The query rows of this tile move from HBM onto the chip; in flash-v1 their output and statistics so far come along.',
  },
  {
    id: 'read-mask',
    title: 'Read block mask',
    text: 'One invocation reads the mask entries under the next tile; if all are 0, the workgroup skips the tile without loading it.',
  },
  {
    id: 'load-kv',
    title: 'Load key tile',
    text: 'A tile of keys and the matching tile of values move from HBM onto the chip.',
  },
  { id: 'load-k', title: 'Load keys', text: 'A tile of keys moves from HBM onto the chip.' },
  {
    id: 'scores',
    title: 'Scores',
    text: 'Every query row of the tile meets every key of the tile: dot product, scale, softcap, mask.',
  },
  { id: 'store-s', title: 'Store scores', text: 'The tile of scores is written out to HBM.' },
  {
    id: 'probabilities',
    title: 'Exponentials',
    text: 'The row maximum is brought up to date and every score becomes exp(score − maximum).',
  },
  {
    id: 'fold',
    title: 'Fold tile',
    text: 'Sum and output so far are rescaled to the new maximum and the tile’s weighted values are added.',
  },
  {
    id: 'initialise',
    title: 'Initialise',
    text: 'Output and sums are set to 0 and maxima to −∞ in HBM, before the loops begin.',
  },
  {
    id: 'load-s',
    title: 'Read scores',
    text: 'One row of scores comes back from HBM; each invocation keeps its largest.',
  },
  {
    id: 'exponentials',
    title: 'Exponentials of the row',
    text: 'With the row’s maximum known, every score becomes exp(score − maximum) and is summed.',
  },
  {
    id: 'normalise',
    title: 'Normalise row',
    text: 'The exponentials are divided by their sum and written to HBM as probabilities.',
  },
  {
    id: 'load-pv',
    title: 'Read probabilities and values',
    text: 'A tile of probabilities comes back from HBM together with the matching tile of values.',
  },
  {
    id: 'accumulate',
    title: 'Weighted sum',
    text: 'Values are added to the output rows, weighted by their probabilities.',
  },
  {
    id: 'write-out',
    title: 'Write output',
    text: 'The finished output rows go to HBM; in flash-v2 also the logsumexp, the only statistic that is kept.',
  },
];
