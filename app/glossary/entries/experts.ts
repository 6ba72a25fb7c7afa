// What the words of mixtures of experts mean. Loaded with the first of their cards that opens.

import type { TermEntry } from '../../exhibit/terms.ts';
import { arrow, bars, ground, line, part } from './picture-parts.ts';

const ROUTING = { id: 'routing', words: 'Token by token' };

export const entries: Readonly<Record<string, TermEntry>> = {
  expert: {
    title: 'Expert',
    text: 'One of several small networks that lie side by side in a layer: a token passes through a few of them, and the weights of the others are not read for it.',
    picture: [part('soft', [30, 3, 12, 7], [30, 22, 12, 7]), part('accent', [30, 12, 12, 7]), arrow(6, 16, 28)],
    view: ROUTING,
    source: /weight\[at\]/,
  },
  router: {
    title: 'Router',
    text: 'A single matrix whose product with a token says how well each expert suits it; softmax makes shares of that.',
    picture: [
      part('q', [4, 12, 8, 8]),
      line('M12 16L32 6M12 16L32 16M12 16L32 26'),
      part('s', [32, 3, 8, 6], [32, 13, 8, 6], [32, 23, 8, 6]),
    ],
    view: ROUTING,
    source: /router_weight\[expert/,
  },
  'top-k': {
    title: 'Top-k',
    text: 'Only the k experts with the largest shares are run for a token; of equal shares the lower number is taken.',
    picture: [ground, bars('soft', 5, 0, 8, 0), bars('accent', 0, 20, 0, 14)],
    view: ROUTING,
    source: /rank < TOP_K/,
  },
  renormalise: {
    title: 'Weights that add up to 1',
    text: 'The shares of the chosen experts are divided by their sum, as Mixtral does; without it what the others would have had is missing, as in Jamba.',
    picture: [ground, bars('soft', 24, 24), bars('accent', 14, 10)],
    source: /weight \/= sum/,
  },
  load: {
    title: 'Load',
    text: 'How many tokens an expert gets: over all experts always tokens times k, however unevenly they are spread.',
    picture: [ground, bars('accent', 22, 6, 2, 12)],
    view: ROUTING,
    source: /offsets\[expert\] = start/,
  },
};
