// The exhibit of token pruning: who looks at whom, with the votes of the round that the run has reached, and every token's score by rounds.

import { tokenPruning } from '#gpu/mechanisms/token-pruning/token-pruning.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { graph } from '../../pictures/graph/graph.ts';
import { source } from '../../pictures/source/source.tsx';
import { strips } from '../../pictures/strips/strips.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { percentText, plural } from '../../words/quantities.ts';

const sizesOf = ({ config }: Recording) => config as Record<'batch' | 'tokens' | 'iterations', number>;
const score = { record: 'score', look: 'votes', title: 'score' };

const votes = graph({
  id: 'graph',
  title: 'Graph',
  picks: HEAD_PICKS,
  about:
    'Every token is a square, as large and dark as its score after the round that the run has reached; the strongest attention weights of the picked head are arrows. In every round each token gives its whole score away, to each token as much as it attends to it. In a pruning layer those with the fewest votes, over all heads, are left out: hatched and crossed out.',
  nodes: { axis: 'token', called: 'token', label: (_run, token) => (token === 0 ? 'CLS' : String(token)) },
  score: { ...score, over: 'round' },
  edges: { record: 'weight', look: 'attention', title: 'attention weight', from: 'voter', to: 'token' },
  kept: { record: 'kept' },
  beside: { importance: { record: 'value' }, rank: { record: 'rank' } },
});

export const rounds = strips({
  id: 'rounds',
  title: 'Rounds',
  along: 'round',
  picks: HEAD_PICKS,
  current: ['score'],
  about:
    'The score of every token (a row each) after every round of the picked head, as the kernel had it; round 0 is the start. Rows stop changing where the vote has settled: where that is does not depend on how it began.',
  strips: [{ ...score, id: 'score', rows: ['token'], most: 128, signed: false, small: true }],
});

export const tokenPruningExhibit = describeExhibit({
  mechanism: tokenPruning,
  views: [votes, rounds, traffic({ about: 'Every round of votes reads the whole graph again.' }), timeline(), source()],
  tensors: {
    attention_score: { letter: 'S', tone: 'inner', pattern: 'hatch' },
    scores: { letter: 'S', tone: 'inner', pattern: 'hatch' },
    attention: { letter: 'A', tone: 'weight', pattern: 'solid' },
    votes: { letter: 's', tone: 'inner', pattern: 'solid' },
    importance: { letter: 'I', tone: 'statistic', pattern: 'solid' },
    next_mask: { letter: 'M', tone: 'fixed', pattern: 'hatch' },
    out: { letter: 'O', tone: 'output', pattern: 'solid' },
  },
  controls: {
    tokens: { label: 'Tokens' },
    heads: { label: 'Heads' },
    batch: { label: 'Sequences' },
    dim: { label: 'Channels', variants: ['attention-prune'] },
    iterations: { label: 'Rounds' },
    temperature: { label: 'Temperature' },
    damping: { label: 'Damping' },
    start: { label: 'CLS starts ahead', ticked: 'cls' },
    ratio: { label: 'Share that stays', variants: ['attention-prune'] },
  },
  welcome: async () => ({
    caption:
      'Tokens vote for each other along the edges of this graph, over and over, until the weight each one gathered settles. Those with the least are dropped.',
  }),
  extents: (run) => ({ round: sizesOf(run).iterations + 1 }),
  purpose: (run) =>
    `To rank ${plural(sizesOf(run).tokens - 1, 'token')} in ${plural(sizesOf(run).iterations, 'round')}`,
  /** How many tokens stay by the mask that the run made, or which is first in its order, and what they hold of the run's importance. */
  finding(run) {
    const { order, importance, next_mask: mask } = run.outputs;
    const { batch, tokens } = sizesOf(run);
    const all = Array.from(importance!.data.subarray(0, tokens - 1));
    const chosen = all.filter((_, i) => (mask ? mask.data[i] !== 0 : i === order!.data[0]));
    const sum = (values: readonly number[]) => values.reduce((so, value) => so + value, 0);
    const whole = sum(all);
    if (!(whole > 0 && whole < Number.POSITIVE_INFINITY)) return null;
    const stay = `${chosen.length} ${chosen.length === 1 ? 'stays' : 'stay'} beside CLS`;
    return `Of ${plural(all.length, 'token')}${batch > 1 ? ' of the first sequence' : ''}, ${mask ? stay : `token ${order!.data[0]! + 1} is the most important`}, with ${percentText(sum(chosen), whole)} of the importance.`;
  },
});
