// The primitive `token-scan`: Mamba's and Mamba-2's recurrence over the rows of a text, which may come in one run or in many.

import { EngineError } from '../../core/errors.ts';
import { normalTensor, uniformStream } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts } from '../../define/spec.ts';
import { card } from './card.ts';
import { reference, type TokenScanConfig } from './reference.ts';

const channelsOf = ({ heads, headDim }: TokenScanConfig) => heads * headDim;
const rowOf = (config: TokenScanConfig) => config.tokens * channelsOf(config);
/** Elements of B, or of C, of one sequence. */
const mapOf = ({ tokens, groups, states }: TokenScanConfig) => tokens * groups * states;

/** Without a softplus nothing else keeps a step from going back in time. */
const steps =
  (name: string) =>
  ({ softplus }: TokenScanConfig, seed: number, shape: number[]) =>
    normalTensor(seed, name, shape).data.map((value) => (softplus ? value : Math.abs(value)));

const SIGNAL = ['batch', 'token', 'head', 'column'];
const MAP = ['batch', 'token', 'group', 'state'];
const STATE = ['batch', 'head', 'column', 'state'];

/** The scan reads what a token brings once for each channel; states and rates once a run. */
function counts(config: TokenScanConfig): Counts {
  const { batch, tokens, states, position, form, hasD, hasZ, hasBias } = config;
  const channels = batch * channelsOf(config);
  const elements = channels * tokens;
  const isGated = hasD || hasZ;
  return {
    buffers: {
      x: { loads: elements * (hasD ? 2 : 1) },
      dt: { loads: elements },
      bc: { loads: 2 * elements * states },
      A: { loads: channels * (form === 's6' ? states : 1) },
      dt_bias: { loads: hasBias ? channels : 0 },
      D: { loads: hasD ? elements : 0 },
      z: { loads: hasZ ? elements : 0 },
      state: { loads: position > 0 ? channels * states : 0, stores: channels * states },
      out: { loads: isGated ? elements : 0, stores: elements * (isGated ? 2 : 1) },
    },
  };
}

export const tokenScan = defineMechanism<TokenScanConfig>({
  card,
  sizes: {
    batch: { most: 16, usual: 1, follows: () => 1 },
    tokens: { most: 512, usual: 16, axis: 'token' },
    heads: { most: 256, usual: 8, axis: 'head' },
    headDim: { most: 64, usual: 1, axis: 'column', follows: () => 1 },
    states: { most: 32, usual: 8, limit: 32, axis: 'state' },
    groups: { most: 8, usual: 1, axis: 'group', divides: 'heads', follows: () => 1 },
    position: { most: 4096, usual: 0, least: 0, ofInputs: false },
  },
  options: {
    form: { choices: ['s6', 'ssd'] },
    logRates: { choices: [true, false] },
    softplus: { choices: [true, false] },
  },
  axes: { map: (config) => 2 * config.batch * mapOf(config), channel: channelsOf },
  tensors: {
    x: { axes: SIGNAL, role: 'input', title: 'signal' },
    dt: {
      axes: ['batch', 'token', 'head'],
      role: 'input',
      title: 'step size before bias and softplus',
      make: steps('dt'),
    },
    bc: { axes: ['map'], role: 'state', title: 'B and C' },
    B: { axes: MAP, role: 'input', within: () => ({ buffer: 'bc', at: 0 }), title: 'input map' },
    C: {
      axes: MAP,
      role: 'input',
      within: (config) => ({ buffer: 'bc', at: config.batch * mapOf(config) }),
      title: 'output map',
    },
    A: {
      axes: ({ form }) => (form === 's6' ? ['head', 'column', 'state'] : ['head']),
      role: 'input',
      title: 'rates',
      // As Mamba starts them: −1, −2 … with some spread.
      make({ states, logRates }, seed, shape) {
        const spread = uniformStream(seed, 'A');
        const rates = normalTensor(seed, 'A', shape).data.map((_, i) => ((i % states) + 1) * (0.5 + spread()));
        return rates.map((rate) => (logRates ? Math.log(rate) : -rate));
      },
    },
    dt_bias: {
      axes: ['head'],
      role: 'input',
      optional: { flag: 'hasBias', usual: true },
      title: 'bias of Δ',
      make: steps('dt_bias'),
    },
    D: { axes: ['head'], role: 'input', optional: { flag: 'hasD', usual: true }, title: 'skip' },
    z: { axes: SIGNAL, role: 'input', optional: { flag: 'hasZ', usual: true }, title: 'gate' },
    state: { axes: STATE, role: 'input', title: 'state' },
    new_state: {
      axes: STATE,
      role: 'output',
      within: () => ({ buffer: 'state', at: 0 }),
      title: 'state after the run',
    },
    out: { axes: SIGNAL, role: 'output', title: 'output' },
  },
  accept({ form, headDim }) {
    if (form === 'ssd' || headDim === 1) return;
    const message = `heads have ${headDim} channels: of S6 every channel has a Δ of its own`;
    throw new EngineError('bad-config', message, { field: 'headDim', value: headDim, limit: 1 });
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    N: ({ states }) => states,
    PER_STATE: ({ form }) => form === 's6',
    LOG_RATES: ({ logRates }) => logRates,
    channels: channelsOf,
    head_dim: ({ headDim }) => headDim,
    group_dim: (config) => channelsOf(config) / config.groups,
    x_at: 0,
    x_batch: rowOf,
    x_token: channelsOf,
    dt_at: 0,
    dt_batch: ({ tokens, heads }) => tokens * heads,
    dt_token: ({ heads }) => heads,
    b_at: 0,
    b_batch: mapOf,
    b_token: ({ groups, states }) => groups * states,
    c_at: (config) => config.batch * mapOf(config),
    c_batch: mapOf,
    c_token: ({ groups, states }) => groups * states,
    z_at: 0,
    z_batch: rowOf,
    z_token: channelsOf,
    out_batch: rowOf,
  },
  variants: {
    direct: {
      changesState: true,
      passes: [
        {
          kernel: 'token-scan',
          grid: (config, { constant }) => [Math.ceil(channelsOf(config) / constant('LANES')), config.batch, 1],
        },
        {
          kernel: 'skip-and-gate',
          when: ({ hasD, hasZ }) => hasD || hasZ,
          grid: (config, { constant }) => [Math.ceil(rowOf(config) / constant('LANES')), config.batch, 1],
        },
      ],
    },
  },
  reference,
  counts,
  steps: {
    'load-state': [
      'Load the state',
      'The states of the channel and their rates are taken; at the start they are zero.',
    ],
    'take-token': ['Take a token', 'The signal of the next token is taken, and how much time it lets pass.'],
    'update-state': [
      'Update a state',
      'A state forgets some, takes in its share of the token, and adds to the output.',
    ],
    'keep-state': ['Keep the state', 'The states are kept for the tokens to come.'],
    'skip-and-gate': ['Skip and gate', 'What goes past the scan is added, and the gate applied.'],
  },
});
