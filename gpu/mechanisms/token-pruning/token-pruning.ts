// Which tokens matter: weighted page rank over the attention graph (Zero-TPrune's I-stage), and the pruning layer around it.

import { integerTensor, normalTensor } from '../../core/random.ts';
import { z } from '../../core/schema.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass } from '../../define/spec.ts';
import { card } from './card.ts';
import { keptTokens, type PruningConfig, reference, scoresOf } from './reference.ts';

const SHARE = z.number().check(z.gte(0), z.lte(1));
const GRAPH = ['batch', 'head', 'voter', 'token'];
const HIDES = { flag: 'hasMask', usual: false };
/** Whose inputs are tokens, where the others' are their scores. */
const LAYER = ['attention-prune'];
const perRow: Pass<PruningConfig>['grid'] = ({ tokens, heads, batch }) => [tokens, heads, batch];

/** The graph, the votes over it, the order. */
const ranking = (attention_score: string): Pass<PruningConfig>[] => [
  { kernel: 'attention-rows', grid: perRow, bindings: { attention_score } },
  { kernel: 'vote', grid: ({ heads, batch }) => [heads, batch, 1] },
  { kernel: 'rank', grid: ({ batch }) => [batch, 1, 1] },
];

/** @param parts outputs as multiples of dim */
const project = (x: string, layer: 'qkv' | 'proj', y: string, parts: number): Pass<PruningConfig> => ({
  kernel: 'project',
  bindings: { x, weight: `${layer}_weight`, bias: `${layer}_bias`, y },
  values: { outputs: ({ dim }) => parts * dim },
  grid: ({ batch, tokens }) => [batch * tokens, 1, 1],
});

const layer: Pass<PruningConfig>[] = [
  project('x', 'qkv', 'qkv', 3),
  { kernel: 'attention-scores', grid: perRow, bindings: { attention_score: 'scores' } },
  ...ranking('scores'),
  { kernel: 'attend', grid: perRow, bindings: { attention_score: 'scores' } },
  project('mixed', 'proj', 'out', 1),
];

export const tokenPruning = defineMechanism<PruningConfig>({
  card,
  sizes: {
    batch: { most: 4, usual: 1 },
    heads: { most: 8, usual: 2, axis: 'head', divides: 'dim' },
    // Scores of two rounds stay on chip: 16 KiB.
    tokens: { most: 128, usual: 17, least: 2, limit: 2048, axis: ['token', 'voter'] },
    dim: { most: 128, usual: 32, axis: ['channel', 'output'], follows: ({ heads }) => 8 * heads },
    iterations: { most: 50, usual: 5, ofInputs: false },
  },
  numbers: {
    temperature: { usual: 1, schema: z.number().check(z.gt(0)), least: 0.1, most: 3, step: 0.1 },
    damping: { usual: 0, schema: SHARE, least: 0, most: 1, step: 0.05 },
    ratio: { usual: 0.5, schema: SHARE, least: 0, most: 1, step: 0.05 },
  },
  options: { start: { choices: ['uniform', 'cls'] } },
  axes: { ranked: ({ tokens }) => tokens - 1, projected: ({ dim }) => 3 * dim },
  tensors: {
    attention_score: { axes: GRAPH, role: 'input', variants: ['wpr'], title: 'scores: query times key, scaled' },
    token_mask: { axes: ['batch', 'token'], role: 'input', dtype: 'i32', optional: HIDES, title: 'keys to be seen' },
    x: { axes: ['batch', 'token', 'channel'], role: 'input', variants: LAYER, title: 'tokens' },
    qkv_weight: { axes: ['projected', 'channel'], role: 'input', variants: LAYER, title: 'map to q, k, v' },
    qkv_bias: { axes: ['projected'], role: 'input', variants: LAYER, title: 'bias of q, k, v' },
    proj_weight: { axes: ['output', 'channel'], role: 'input', variants: LAYER, title: 'map of the output' },
    proj_bias: { axes: ['output'], role: 'input', variants: LAYER, title: 'bias of the output' },
    qkv: { axes: ['batch', 'token', 'projected'], role: 'scratch', variants: LAYER, title: 'q, k, v' },
    scores: { axes: GRAPH, role: 'scratch', variants: LAYER, title: 'scores: query times key, scaled' },
    attention: { axes: GRAPH, role: 'scratch', title: 'attention: how every token shares its vote' },
    votes: { axes: ['batch', 'head', 'token'], role: 'scratch', title: 'score after the last round' },
    mixed: { axes: ['batch', 'token', 'channel'], role: 'scratch', variants: LAYER, title: 'mixed values' },
    out: { axes: ['batch', 'token', 'output'], role: 'output', variants: LAYER, title: 'attention output' },
    importance: { axes: ['batch', 'ranked'], role: 'output', title: 'importance, CLS left out' },
    order: { axes: ['batch', 'ranked'], role: 'output', dtype: 'i32', title: 'tokens, most important first' },
    next_mask: { axes: ['batch', 'ranked'], role: 'output', dtype: 'i32', variants: LAYER, title: 'tokens kept' },
  },
  /** Tokens and the scores that they have, of a deviation of about 2: both variants see one graph. A mask hides every fourth key or so. */
  make(config, seed) {
    const { batch, heads, tokens, dim } = config;
    const inputs = {
      x: normalTensor(seed, 'x', [batch, tokens, dim]),
      qkv_weight: normalTensor(seed, 'qkv_weight', [3 * dim, dim], Math.sqrt(2 / dim)),
      qkv_bias: normalTensor(seed, 'qkv_bias', [3 * dim], 0.1),
      token_mask: integerTensor(seed, 'token_mask', [batch, tokens], 0, 4),
    };
    const data = Float32Array.from(scoresOf(config, inputs).scores);
    return { ...inputs, attention_score: { dtype: 'f32', shape: [batch, heads, tokens, tokens], data } };
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    D: ({ dim, heads }) => dim / heads,
    PRUNES: (_, { variant }) => LAYER.includes(variant),
    CLS_AHEAD: ({ start }) => start === 'cls',
    kept: keptTokens,
  },
  variants: { wpr: { passes: ranking('attention_score') }, 'attention-prune': { passes: layer } },
  reference,
  counts({ batch, heads, tokens, dim, iterations, hasMask }, { variant, constant }) {
    const [rows, signal, ranked] = [batch * heads * tokens, batch * tokens * dim, batch * (tokens - 1)];
    const [cells, mixes] = [rows * tokens, tokens * signal];
    const [prunes, lanes] = [LAYER.includes(variant), constant('attention-rows', 'LANES')];
    const seen = { loads: prunes ? cells + 2 * mixes : cells };
    const ofLayer = {
      x: { loads: signal },
      token: { loads: 4 * signal * dim, stores: 2 * signal },
      qkv_weight: { loads: 3 * signal * dim },
      qkv_bias: { loads: 3 * signal },
      qkv: { loads: 3 * mixes, stores: 3 * signal },
      scores: { ...seen, stores: cells },
      mixed: { loads: signal, stores: signal },
      proj_weight: { loads: signal * dim },
      proj_bias: { loads: signal },
      out: { stores: signal },
      next_mask: { stores: ranked },
    };
    return {
      buffers: {
        ...(prunes ? ofLayer : { attention_score: seen }),
        token_mask: hasMask ? seen : {},
        row: { loads: 2 * cells, stores: 2 * cells },
        found: { loads: 2 * rows * lanes ** 2, stores: 2 * rows * lanes },
        attention: { loads: iterations * cells, stores: cells },
        s: { loads: iterations * cells, stores: (iterations + 1) * rows },
        votes: { loads: heads * ranked, stores: rows },
        known: { loads: ranked * tokens, stores: ranked },
        importance: { stores: ranked },
        order: { stores: ranked },
      },
    };
  },
  steps: {
    'load-token': ['Load a token', 'The channels of one token come on chip.'],
    'map-token': ['Map a token', 'The token meets every row of the weights.'],
    score: ['Score', 'The query of one token meets the keys of all.'],
    'load-row': ['Load scores', 'The scores of one token come on chip; hidden keys are struck out.'],
    exponentials: ['Sharpen', 'Scores, divided by the temperature, become exponentials.'],
    'share-vote': ['Share the vote', 'The exponentials of a token are divided by their sum: how it shares its vote.'],
    start: ['Start', 'Every token has its first score.'],
    vote: ['Vote', 'Every token gives its score away, to each token as much as it attends to it.'],
    emphasise: ['Emphasise', 'The scores of all heads become one importance: the root of their mean square.'],
    rank: ['Rank', 'Every token counts those that are more important; its rank says whether it stays.'],
    mix: ['Mix values', 'The values of all tokens are added up by the attention that one pays them.'],
  },
});
