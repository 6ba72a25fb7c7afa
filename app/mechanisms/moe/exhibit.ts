// The exhibit of mixtures of experts: which experts every token goes to and with what weight, and how many tokens each expert gets.

import { moe } from '#gpu/mechanisms/moe/moe.ts';
import { held } from '#gpu/trace/held.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { unrecordedText } from '../../exhibit/unrecorded.ts';
import { expertTerms } from '../../glossary/terms/experts.ts';
import { heat } from '../../pictures/heat/heat.ts';
import { source } from '../../pictures/source/source.tsx';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { plural } from '../../words/quantities.ts';

const sizesOf = ({ config }: Recording) => config as Record<'batch' | 'seqlen' | 'experts' | 'topK', number>;
const tokensOf = (run: Recording) => sizesOf(run).batch * sizesOf(run).seqlen;

const topKOf = (run: Recording) => sizesOf(run).topK;
const CELLS = { rows: 'token', columns: 'expert' };
const PER_EXPERT = { axes: { rows: 'expert' }, signed: false };
const perToken = { ...CELLS, axes: CELLS, scale: { from: 0, to: 1 } };

export const routing = heat({
  id: 'routing',
  title: 'Routing',
  about:
    'Every token is a row, every expert a column: first the share that the router gives, softmax over all experts, then the weight with which the chosen experts count. Dotted experts were not chosen: the token does not pass through them. Hatched is what the run has not come to yet. Last, how many tokens every expert has, as the kernel that groups them counted.',
  picks: [],
  shutOut: 'not chosen',
  panels: [
    { ...perToken, id: 'probability', titles: ['share of the router', 'share'], record: 'probability' },
    { ...perToken, id: 'weight', titles: ['weight in the output', 'weight'], record: 'weight', chosen: topKOf },
    { id: 'tokens', titles: ['tokens of an expert', 'tokens'], record: 'tokens', rows: 'expert', ...PER_EXPERT },
  ],
  words({ panels }, { run }) {
    const { experts, topK } = sizesOf(run);
    const weights = panels.find(({ id }) => id === 'weight')?.values;
    if (!weights) return `For ${plural(tokensOf(run), 'token')}, ${unrecordedText(['w'])}.`;
    const routed = Math.floor(weights.filter((weight) => weight >= 0).length / topK);
    return `${routed} of ${plural(tokensOf(run), 'token')} have their ${plural(topK, 'expert')} of ${experts}.`;
  },
});

export const moeExhibit = describeExhibit({
  mechanism: moe,
  terms: [expertTerms],
  views: [
    routing,
    traffic({ about: 'The weights of an expert are read once for all its tokens, and not at all where it has none.' }),
    timeline(),
    source(),
  ],
  tensors: {
    hidden_states: { letter: 'H', tone: 'signal', pattern: 'solid' },
    router_weight: { letter: 'R', tone: 'key', pattern: 'solid' },
    router_logits: { letter: 'S', tone: 'inner', pattern: 'hatch' },
    probability: { letter: 'p', tone: 'inner', pattern: 'solid', title: 'share of the router' },
    weight: { letter: 'w', tone: 'weight', pattern: 'solid', title: 'weight in the output' },
    routing_weights: { letter: 'w', tone: 'weight', pattern: 'hatch' },
    tokens: { letter: 'n', tone: 'statistic', pattern: 'hatch', title: 'tokens of an expert' },
    gate_proj: { letter: 'G', tone: 'content', pattern: 'hatch' },
    up_proj: { letter: 'U', tone: 'content', pattern: 'solid' },
    down_proj: { letter: 'D', tone: 'content', pattern: 'cross' },
    made: { letter: 'M', tone: 'output', pattern: 'hatch' },
    out: { letter: 'O', tone: 'output', pattern: 'solid' },
  },
  controls: {
    seqlen: { label: 'Tokens' },
    batch: { label: 'Sequences' },
    experts: { label: 'Experts', term: 'expert' },
    topK: { label: 'Experts per token', term: 'top-k' },
    dim: { label: 'Channels' },
    ffn: { label: 'Hidden channels' },
    renormalise: { label: 'Weights add up to 1', term: 'renormalise' },
  },
  welcome: async () => ({
    caption:
      'A router gives every token a share for every expert, and the token passes through the few with the largest. All others are left out for it: their weights are not even read.',
  }),
  purpose: (run) =>
    `To send ${plural(tokensOf(run), 'token')} to ${sizesOf(run).topK} of ${plural(sizesOf(run).experts, 'expert')} each,`,
  /** How the tokens are spread, as the kernel counted them. */
  finding(run) {
    const { values, count } = held(run.trace, 'tokens', { expert: sizesOf(run).experts });
    if (count === 0) return null;
    const idle = values.filter((tokens) => tokens === 0).length;
    const most = values.indexOf(Math.max(...values));
    const rest =
      idle === 0 ? 'and every expert has some' : `and ${plural(idle, 'expert')} none: their weights were not read`;
    return `Of ${plural(tokensOf(run) * sizesOf(run).topK, 'choice')} expert ${most} got the most, ${values[most]}, ${rest}.`;
  },
});
