// A sparse mixture of experts: a router, the tokens grouped by expert, the experts' two maps, and the weighted sum.

import { EngineError } from '../../core/errors.ts';
import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass } from '../../define/spec.ts';
import { card } from './card.ts';
import { busyExperts, type MoeConfig, reference, tokensOf } from './reference.ts';

/** Outputs and tokens of a workgroup: fewer where each is long. */
const blockOf = ({ dim, ffn }: MoeConfig) => (Math.max(dim, ffn) > 128 ? 4 : 8);
const elementsOf = (config: MoeConfig) => tokensOf(config) * config.dim;

/** Maps that keep the size of what goes through. */
const map = (name: string) => (_: MoeConfig, seed: number, shape: number[]) =>
  normalTensor(seed, name, shape, 1 / Math.sqrt(shape.at(-1)!)).data;

/** @param width inputs of an output, and how many outputs an expert has: sizes of the config */
function experts(x: string, weight: string, y: string, width: 'dim' | 'ffn', outputs: 'dim' | 'ffn'): Pass<MoeConfig> {
  const gated = x === 'hidden_states';
  const inputs = (config: MoeConfig) => config[width];
  return {
    kernel: 'experts',
    bindings: { x, weight, gate: 'gate_proj', y },
    values: { GATED: gated, MAPS: gated ? 2 : 1, WIDTH: inputs, outputs: (config) => config[outputs] },
    needs: { maxComputeWorkgroupStorageSize: width },
    grid: (config, { constant }) => [Math.ceil(config[outputs] / constant('TILE')), config.experts, 1],
  };
}

const passes: Pass<MoeConfig>[] = [
  { kernel: 'route', needs: { maxComputeWorkgroupStorageSize: 'dim' }, grid: (config) => [tokensOf(config), 1, 1] },
  { kernel: 'group', grid: (config) => [config.experts, 1, 1] },
  experts('hidden_states', 'up_proj', 'inner', 'dim', 'ffn'),
  experts('inner', 'down_proj', 'made', 'ffn', 'dim'),
  { kernel: 'combine', grid: (config, { constant }) => [Math.ceil(elementsOf(config) / constant('LANES')), 1, 1] },
];

export const moe = defineMechanism<MoeConfig>({
  card,
  sizes: {
    batch: { most: 4, usual: 1 },
    seqlen: { most: 128, usual: 24, axis: 'time' },
    dim: { most: 64, usual: 16, axis: 'channel' },
    ffn: { most: 128, usual: 24, axis: 'inner' },
    experts: { most: 16, usual: 4, axis: 'expert' },
    topK: { most: 8, usual: 2, axis: 'slot', ofInputs: false },
  },
  options: { renormalise: { choices: [false, true] } },
  axes: { token: tokensOf, border: (config) => config.experts + 1, choice: (config) => tokensOf(config) * config.topK },
  tensors: {
    hidden_states: { axes: ['batch', 'time', 'channel'], role: 'input', title: 'tokens' },
    router_weight: { axes: ['expert', 'channel'], role: 'input', title: 'router', make: map('router_weight') },
    gate_proj: {
      axes: ['expert', 'inner', 'channel'],
      role: 'input',
      title: 'gates of the experts',
      make: map('gate_proj'),
    },
    up_proj: {
      axes: ['expert', 'inner', 'channel'],
      role: 'input',
      title: 'maps into the experts',
      make: map('up_proj'),
    },
    down_proj: {
      axes: ['expert', 'channel', 'inner'],
      role: 'input',
      title: 'maps out of the experts',
      make: map('down_proj'),
    },
    routing_weights: { axes: ['token', 'slot'], role: 'scratch', title: 'weight of every choice' },
    offsets: { axes: ['border'], role: 'scratch', dtype: 'u32', title: 'first place of every expert' },
    permutation: { axes: ['choice'], role: 'scratch', dtype: 'u32', title: 'choices by expert' },
    inner: { axes: ['choice', 'inner'], role: 'scratch', title: 'within the experts' },
    made: { axes: ['choice', 'channel'], role: 'scratch', title: 'what the experts made' },
    out: { axes: ['batch', 'time', 'channel'], role: 'output', title: 'output' },
    router_logits: { axes: ['token', 'expert'], role: 'output', title: 'logits of the router' },
    selected_experts: { axes: ['token', 'slot'], role: 'output', dtype: 'i32', title: 'chosen experts' },
  },
  accept({ topK, experts: limit }) {
    if (topK <= limit) return;
    const message = `topK is ${topK}; there are ${limit} experts`;
    throw new EngineError('bad-config', message, { field: 'topK', value: topK, limit });
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { WIDTH: ({ dim }) => dim, tokens: tokensOf, width: ({ dim }) => dim, TILE: blockOf, ROWS: blockOf },
  variants: { 'top-k': { passes } },
  reference,
  // Σ tokens over experts = tokens · topK, wherever they go: only how many experts have none is up to the router.
  counts(config, { constant, inputs }) {
    const { dim, ffn, experts: count, topK, renormalise } = config;
    const tokens = tokensOf(config);
    const choices = tokens * topK;
    const busy = inputs ? busyExperts(config, inputs) : Math.min(count, choices);
    const [lanes, tile] = [constant('group', 'LANES'), constant('experts', 'TILE')];
    const [up, down] = [Math.ceil(ffn / tile), Math.ceil(dim / tile)];
    const weights = { loads: busy * ffn * dim };
    const products = choices * ffn * dim;
    return {
      buffers: {
        hidden_states: { loads: tokens * dim + choices * dim * up },
        router_weight: { loads: tokens * count * dim },
        hidden_states_step: { loads: tokens * count * dim, stores: tokens * dim },
        router_logits_step: { loads: tokens * count * (count + 1), stores: tokens * count },
        picked: { loads: choices, stores: choices },
        shares: { loads: choices * (renormalise ? 1 + topK : 1), stores: choices },
        router_logits: { stores: tokens * count },
        selected_experts: { loads: 2 * count * choices, stores: choices },
        routing_weights: { loads: choices * dim, stores: choices },
        found: { loads: count * lanes ** 2, stores: count * lanes, bytes: 8 },
        offsets: { loads: 2 * count * (up + down) * tile * constant('experts', 'ROWS'), stores: count + 1 },
        permutation: { loads: choices * tile * (up + down), stores: choices },
        up_proj: weights,
        gate_proj: weights,
        down_proj: weights,
        held: { loads: 5 * products, stores: 3 * weights.loads + choices * (dim * up + ffn * down) },
        inner: { loads: choices * ffn * down, stores: choices * ffn },
        made: { loads: choices * dim, stores: choices * dim },
        out: { stores: tokens * dim },
      },
    };
  },
  steps: {
    'load-token': ['Load a token', 'The channels of one token come on chip.'],
    'score-experts': ['Score experts', 'The router multiplies the token with its row for every expert.'],
    choose: ['Choose', 'Softmax over all experts; those with the largest shares are chosen.'],
    weigh: ['Weigh', 'The chosen experts and their weights are written, the largest first.'],
    'count-tokens': ['Count tokens', 'Every expert counts the tokens that chose it, and those of lower experts.'],
    'place-tokens': ['Place tokens', 'The tokens of an expert get places in a row.'],
    'load-expert': ['Load an expert', 'Weights of the expert come on chip, once for all its tokens.'],
    'gather-rows': ['Gather tokens', 'The next tokens of the expert come on chip, wherever they stand.'],
    multiply: ['Multiply', 'The tokens meet the weights.'],
    'add-expert': ['Add an expert', 'What an expert made of the token is added, by its weight.'],
  },
});
