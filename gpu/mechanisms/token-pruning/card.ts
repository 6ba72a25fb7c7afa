// What lists show of `token-pruning`.

import type { Card } from '../mechanism.ts';

const small = { batch: 1, heads: 2, tokens: 17 };
const patches = { batch: 1, heads: 4, tokens: 37 };

export const card: Card = {
  id: 'token-pruning',
  title: 'Token pruning (Zero-TPrune)',
  role: 'mechanism',
  family: 'Pruning',
  summary: 'Tokens vote for each other with their attention, round by round; those with the fewest votes leave.',
  variants: [
    { id: 'wpr', title: 'Weighted page rank' },
    { id: 'attention-prune', title: 'Pruning layer' },
  ],
  presets: [
    { id: 'votes', title: 'Seventeen tokens vote five times', variant: 'wpr', config: small },
    { id: 'sharper', title: 'Sharper votes: temperature 0.3', variant: 'wpr', config: { ...small, temperature: 0.3 } },
    { id: 'damped', title: '30 damped rounds', variant: 'wpr', config: { ...patches, iterations: 30, damping: 0.2 } },
    { id: 'hidden', title: 'Some tokens are hidden', variant: 'wpr', config: { ...small, hasMask: true } },
    { id: 'prune', title: 'A layer keeps half of 36 patches', variant: 'attention-prune', config: patches },
  ],
};
