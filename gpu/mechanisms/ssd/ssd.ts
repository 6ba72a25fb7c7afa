// State space duality (Mamba-2): one scan as chunks of masked attention with a carried state. Two forms of input: minimal (X already
// scaled by Δ, A the log decay of every step) and combined (x, dt, A per head, with D, z and dt_bias).

import { normalTensor, uniformStream } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass } from '../../define/spec.ts';
import { card } from './card.ts';
import { chunking, counts, needsOutputPass } from './counts.ts';
import { reference, type SsdConfig } from './reference.ts';

const minimal = ({ form }: SsdConfig) => form === 'minimal';
const combined = ({ form }: SsdConfig) => form === 'combined';

/** One step in so many wipes the state out. */
const RESET_EVERY = 8;

/**
 * Log decays in (−0.5, 0), rates in (−2, −0.5); dt around Δ = 0.2. With resets, log decays in (−0.02, 0) between resets of −100 to −200
 * (combined: Δ from 100 to 200), at which nothing of the state is left.
 */
function drawDecays(name: 'A' | 'dt', config: SsdConfig, seed: number, shape: number[]): Float32Array {
  const { dtSoftplus, task, heads } = config;
  const rate = uniformStream(seed, 'A');
  const noise = normalTensor(seed, 'dt', shape, 0.5).data;
  const resets = uniformStream(seed, 'resets');
  const draw = (i: number) => {
    if (name === 'A') return minimal(config) ? -0.5 * rate() : -0.5 - 1.5 * rate();
    return dtSoftplus ? noise[i]! - 1.5 : Math.abs(noise[i]!) * 0.4;
  };
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => draw(i));
  if (task !== 'resets' || (name === 'A') !== minimal(config)) return data;
  const sign = minimal(config) ? -1 : 1;
  return data.map((value, i) => {
    if (Math.floor(i / heads) % RESET_EVERY === RESET_EVERY - 1) return sign * (100 + 100 * resets());
    return minimal(config) ? value / 25 : dtSoftplus ? -5 : 0.01;
  });
}

const signal = ['batch', 'time', 'head', 'channel'];
const scalar = ['batch', 'head', 'time'];
const map = (config: SsdConfig) => ['batch', 'time', minimal(config) ? 'head' : 'group', 'state'];
const state = ['batch', 'head', 'channel', 'state'];

const x = (config: SsdConfig) => (minimal(config) ? 'X' : 'x');
const y = (config: SsdConfig) => (minimal(config) ? 'Y' : 'out');
const decays = ({ decaySum }: SsdConfig) => (decaySum === 'running' ? 'cs' : 'log_decay');
const rowTiles = (chunk: number, rows: number) => Math.ceil(chunk / rows);

/** The four steps over chunks, after the decays; with one chunk as long as the sequence the second is the whole quadratic form. */
const passes: Pass<SsdConfig>[] = [
  {
    kernel: 'chunk-decay',
    bindings: { dt: (config) => (minimal(config) ? 'A' : 'dt') },
    grid: (config, { variant, constant }) => [
      Math.ceil(chunking(config, variant).chunks / constant('LANES')),
      config.heads,
      config.batch,
    ],
  },
  {
    kernel: 'diagonal',
    bindings: { x, b: 'B', c: 'C', decays, y },
    values: {
      row_tiles: (config, { variant, constant }) => rowTiles(chunking(config, variant).chunk, constant('ROWS')),
    },
    grid(config, { variant, constant }) {
      const { chunk, chunks } = chunking(config, variant);
      return [chunks * rowTiles(chunk, constant('ROWS')), config.heads, config.batch];
    },
  },
  {
    kernel: 'chunk-states',
    bindings: { x, b: 'B', decays },
    grid: (config, { variant, constant }) => [
      Math.ceil((config.headDim * config.dstate) / constant('LANES')),
      chunking(config, variant).chunks * config.heads,
      config.batch,
    ],
  },
  {
    kernel: 'pass-states',
    grid: ({ headDim, dstate, heads, batch }, { constant }) => [
      Math.ceil((headDim * dstate) / constant('LANES')),
      heads,
      batch,
    ],
  },
  {
    kernel: 'state-output',
    when: (config, { variant }) => needsOutputPass(config, variant),
    bindings: { x, c: 'C', y },
    grid: ({ heads, headDim, seqlen, batch }, { constant }) => [
      Math.ceil((heads * headDim) / constant('LANES')),
      seqlen,
      batch,
    ],
  },
];

export const ssd = defineMechanism<SsdConfig>({
  card,
  sizes: {
    batch: { most: 4, usual: 1 },
    seqlen: { most: 512, usual: 64, axis: 'time' },
    heads: { most: 8, usual: 2, axis: 'head' },
    headDim: { most: 64, usual: 8, axis: 'channel' },
    groups: {
      most: 8,
      usual: 1,
      axis: 'group',
      divides: 'heads',
      follows: (config) => (minimal(config) ? config.heads : undefined),
    },
    dstate: { most: 64, usual: 8, axis: 'state' },
    chunk: { most: 512, usual: 64, ofInputs: false },
  },
  options: {
    form: {
      choices: ['minimal', 'combined'],
      given: ({ x: signalOf, dt }) => (signalOf || dt ? 'combined' : undefined),
    },
    decaySum: { choices: ['direct', 'running'] },
    task: { choices: ['none', 'resets'] },
    dtSoftplus: { choices: [true, false] },
  },
  axes: { chunk: (config, { variant }) => chunking(config, variant).chunks, weight: ({ heads }) => 3 * heads },
  tensors: {
    weights: { axes: ['weight'], role: 'state', present: combined, title: 'A, D and the bias of Δ' },
    delta: { axes: scalar, role: 'scratch', present: combined, title: 'step size' },
    X: { axes: signal, role: 'input', present: minimal, title: 'signal, already times Δ' },
    x: { axes: signal, role: 'input', present: combined, title: 'signal' },
    dt: {
      axes: ['batch', 'time', 'head'],
      role: 'input',
      present: combined,
      title: 'step size before bias and softplus',
      make: (...of) => drawDecays('dt', ...of),
    },
    A: {
      axes: (config) => (minimal(config) ? ['batch', 'time', 'head'] : ['head']),
      role: 'input',
      title: 'log decay of every step',
      within: (config) => (combined(config) ? { buffer: 'weights', at: 0 } : undefined),
      make: (...of) => drawDecays('A', ...of),
    },
    B: { axes: map, role: 'input', title: 'input map' },
    C: { axes: map, role: 'input', title: 'output map' },
    D: {
      axes: ['head'],
      role: 'input',
      present: combined,
      optional: { flag: 'hasD', usual: true },
      title: 'skip',
      within: ({ heads }) => ({ buffer: 'weights', at: heads }),
    },
    z: { axes: signal, role: 'input', present: combined, optional: { flag: 'hasZ', usual: true }, title: 'gate' },
    dt_bias: {
      axes: ['head'],
      role: 'input',
      present: combined,
      optional: { flag: 'hasDtBias', usual: true },
      title: 'bias of Δ',
      within: ({ heads }) => ({ buffer: 'weights', at: 2 * heads }),
    },
    initial_states: {
      axes: state,
      role: 'input',
      optional: { flag: 'hasInitialStates', usual: false },
      title: 'state before the first token',
    },
    log_decay: { axes: scalar, role: 'scratch', title: 'log decay of every step, as made' },
    cs: { axes: scalar, role: 'scratch', title: 'running log decay of a chunk' },
    states: { axes: ['batch', 'chunk', 'head', 'channel', 'state'], role: 'scratch', title: 'state of every chunk' },
    Y: { axes: signal, role: 'output', present: minimal, title: 'output' },
    out: { axes: signal, role: 'output', present: combined, title: 'output' },
    final_state: { axes: state, role: 'output', title: 'state after the last token' },
  },
  settle: (asked) => (minimal(asked) ? { ...asked, groups: undefined as never } : asked),
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    P: ({ headDim }) => headDim,
    N: ({ dstate }) => dstate,
    HAS_DELTA: combined,
    GIVEN_DECAY: minimal,
    HAS_BIAS: ({ hasDtBias }) => hasDtBias,
    HAS_INITIAL: ({ hasInitialStates }) => hasInitialStates,
    SOFTPLUS: ({ dtSoftplus }) => dtSoftplus,
    DIFFERENCES: ({ decaySum }) => decaySum === 'running',
    chunk: (config, { variant }) => chunking(config, variant).chunk,
    chunks: (config, { variant }) => chunking(config, variant).chunks,
  },
  variants: { chunked: { passes }, quadratic: { passes } },
  reference,
  counts: (config, { variant, constant }) =>
    counts(config, variant, { rows: constant('diagonal', 'ROWS'), columns: constant('diagonal', 'COLS') }),
  steps: {
    'load-decay-rate': ['Load A, bias', 'The rate of the head and its bias are taken.'],
    'load-total': ['Load total decay', 'Where decays are differences, the decay over the whole chunk is taken.'],
    'take-initial': ['Take the initial state', 'The state before the first token is taken, or 0.'],
    'accumulate-decay': [
      'Add up the decay',
      'Log decays are made and summed along the chunk: the sum is the decay since the chunk began.',
    ],
    'sum-segments': [
      'Sum the decays',
      'A row’s log decay to each earlier column: a sum that grows by one step per column, or a difference of running sums.',
    ],
    'score-tile': ['Score a tile', 'C of every row meets B of every earlier column, times the decay between them.'],
    'apply-scores': ['Apply the scores', 'Every output adds its scores times the inputs of the tile.'],
    'write-diagonal': ['Write own part', 'What the chunk’s own tokens give to its outputs is written.'],
    'gather-state': [
      'Gather the state',
      'Every token writes X Bᵀ into the chunk’s state, decayed to the end of the chunk.',
    ],
    'pass-state': ['Pass the state', 'The state of all earlier chunks decays over this one and takes in its state.'],
    'read-state': [
      'Read the state',
      'C reads the carried state; with the decay since the chunk began it joins the output.',
    ],
  },
});
