// The whole Mamba-1 mixer as one run of several kernels, with a decode step; from xz (after in_proj) or from the hidden states.

import { normalTensor, uniformStream } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Accesses, Counts, TensorSpec } from '../../define/spec.ts';
import { MAX_STATES } from '../../primitives/sequential-scan/scan.ts';
import { fusedKernels } from '../../primitives/sequential-scan/sequential-scan.ts';
import { card } from './card.ts';
import { randomInductionInputs, sentenceInduction } from './induction.ts';
import { both, isHeld, mapRows, type Projection, passes, projections } from './passes.ts';
import { type BlockConfig, reference } from './reference.ts';

/** Scaled by the fan-in. */
const drawWeight = (name: string) => (_config: BlockConfig, seed: number, shape: number[]) =>
  normalTensor(seed, name, shape, 1 / Math.sqrt(shape.at(-1)!)).data;

const weight = (name: string, axes: string[], title: string): TensorSpec<BlockConfig> => ({
  axes,
  role: 'input',
  title,
  make: drawWeight(name),
});

const isNoise = ({ task }: BlockConfig) => task === 'none';
const isStepping = (config: BlockConfig) => !isHeld(config);

/** Between kernels: of the whole sequence, and of one token of a decode step. */
const between = (axis: string, title: string): TensorSpec<BlockConfig> => ({
  axes: ['batch', axis, 'time'],
  role: 'scratch',
  title,
});
const ofStep = (axis: string, title: string): TensorSpec<BlockConfig> => ({
  axes: ['batch', axis, 'token'],
  role: 'scratch',
  title,
  present: isStepping,
});

/** Between kernels of prefill: every block of time steps reads W once; every group of ROWS outputs reads x once. */
function projectCounts(
  config: BlockConfig,
  { x, weight: by, y, inputs, outputs }: Projection,
  { lanes, rows }: { lanes: number; rows: number },
): [string, Accesses][] {
  const { batch, seqlen } = config;
  const [from, to] = [inputs(config), outputs(config)];
  const weights = batch * Math.ceil(seqlen / lanes) * from * to;
  return [
    [x, { loads: batch * seqlen * from * Math.ceil(to / rows) }],
    [by, { loads: weights }],
    [y, { stores: batch * seqlen * to }],
    ['tile', { loads: batch * seqlen * from * to, stores: weights }],
  ];
}

const heldCounts = (name: string, elements: number): [string, Accesses][] => [
  [name, { loads: elements }],
  [`${name}_held`, { stores: elements }],
];

/** Of the block's own kernels in prefill. */
function counts(config: BlockConfig, tile: { lanes: number; rows: number }): Counts {
  const { batch, dim, seqlen, inProj } = config;
  const { in: first, ...others } = projections;
  const rows = [
    ...[...(inProj ? [first] : []), ...Object.values(others)].flatMap((map) => projectCounts(config, map, tile)),
    ...(isHeld(config)
      ? [...heldCounts('delta', batch * dim * seqlen), ...heldCounts('x_dbl', batch * mapRows(config) * seqlen)]
      : []),
  ];
  const buffers: Record<string, Accesses[]> = {};
  for (const [name, accesses] of rows) buffers[name] = [...(buffers[name] ?? []), accesses];
  return { buffers };
}

export const mambaBlock = defineMechanism<BlockConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    dim: { most: 64, usual: 16, axis: 'channel' },
    seqlen: { most: 256, usual: 32, axis: 'time' },
    dstate: { most: 32, usual: 4, limit: MAX_STATES, axis: 'state' },
    deltaRank: { most: 16, usual: 2, axis: 'rank' },
    width: { most: 8, usual: 4, axis: 'tap' },
    outDim: { most: 64, usual: 8, axis: 'output' },
    dModel: { most: 64, usual: 8, axis: 'model' },
  },
  options: {
    discretization: { choices: ['euler', 'zoh'] },
    mode: { choices: ['s6', 's4'] },
    task: { choices: ['none', 'induction'] },
    channels: { choices: [4, 8, 16, 32, 64], usual: 32 },
    time: { choices: [8, 16, 32], usual: 32 },
  },
  axes: {
    both,
    map: mapRows,
    one: () => 1,
    before: ({ width }) => width - 1,
    weight: ({ dim, dstate }) => dim * (dstate + 2),
    token: () => 1,
  },
  tensors: {
    weights: { axes: ['weight'], role: 'state', title: 'A, D and the bias of Δ' },
    hidden_states: {
      axes: ['batch', 'time', 'model'],
      role: 'input',
      optional: { flag: 'inProj', usual: false },
      title: 'hidden states',
    },
    in_proj_weight: {
      ...weight('in_proj_weight', ['both', 'model'], 'map to signal and gate'),
      present: ({ inProj }) => inProj,
    },
    xz: {
      axes: ['batch', 'both', 'time'],
      role: 'input',
      made: ({ inProj }) => inProj,
      title: 'signal and gate',
    },
    conv1d_weight: weight('conv1d_weight', ['channel', 'one', 'tap'], 'filter'),
    conv1d_bias: {
      axes: ['channel'],
      role: 'input',
      optional: { flag: 'hasConvBias', usual: isNoise },
      title: 'bias of the filter',
    },
    x_proj_weight: weight('x_proj_weight', ['map', 'channel'], 'map to Δ, B and C'),
    delta_proj_weight: weight('delta_proj_weight', ['channel', 'rank'], 'map to every channel’s Δ'),
    out_proj_weight: weight('out_proj_weight', ['output', 'channel'], 'map out'),
    A: {
      axes: ['channel', 'state'],
      role: 'input',
      within: () => ({ buffer: 'weights', at: 0 }),
      title: 'rates',
      make: ({ dstate }, _seed, shape) =>
        Float32Array.from({ length: elementCount(shape) }, (_, i) => -((i % dstate) + 1)),
    },
    D: {
      axes: ['channel'],
      role: 'input',
      optional: { flag: 'hasD', usual: isNoise },
      within: ({ dim, dstate }) => ({ buffer: 'weights', at: dim * dstate }),
      title: 'skip',
    },
    delta_bias: {
      axes: ['channel'],
      role: 'input',
      optional: { flag: 'hasDeltaBias', usual: true },
      within: ({ dim, dstate }) => ({ buffer: 'weights', at: dim * (dstate + 1) }),
      title: 'bias of Δ',
      // Δ between 0.02 and 0.2.
      make(_config, seed, shape) {
        const next = uniformStream(seed, 'delta_bias');
        return Float32Array.from({ length: elementCount(shape) }, () => Math.log(Math.expm1(0.02 * 10 ** next())));
      },
    },
    xc: between('channel', 'filtered signal'),
    x_dbl: between('map', 'what makes Δ, B and C'),
    delta: between('channel', 'step size before bias and softplus'),
    y: between('channel', 'what the scan gives, gated'),
    out: { axes: ['batch', 'time', 'output'], role: 'output', title: 'output' },
    conv_state: {
      axes: ['batch', 'channel', 'before'],
      role: 'state',
      init: 'zero',
      title: 'last inputs of the filter',
    },
    ssm_state: { axes: ['batch', 'channel', 'state'], role: 'state', init: 'zero', title: 'state of the scan' },
    delta_held: { ...between('channel', 'step size, held at its mean'), present: isHeld },
    x_dbl_held: { ...between('map', 'Δ, B and C, held at their means'), present: isHeld },
    // The token of a decode step: written by the caller before each.
    hidden_states_step: {
      axes: ['batch', 'token', 'model'],
      role: 'state',
      present: (config) => config.inProj && isStepping(config),
      title: 'hidden state of the next token',
    },
    xz_step: { ...ofStep('both', 'signal and gate of the next token'), role: 'state', made: ({ inProj }) => inProj },
    xc_step: ofStep('channel', 'filtered signal of the next token'),
    x_dbl_step: ofStep('map', 'what makes Δ, B and C of the next token'),
    delta_step: ofStep('channel', 'step size of the next token'),
    y_step: ofStep('channel', 'what its step gives, gated'),
    out_step: {
      axes: ['batch', 'token', 'output'],
      role: 'output',
      present: isStepping,
      title: 'output of the next token',
    },
  },
  settle: (asked) => (asked.inProj ? asked : { ...asked, dModel: 1 }),
  kernels: {
    ...import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
    'hold-mean.wgsl': fusedKernels['./hold-mean.wgsl']!,
  },
  variants: { fused: { passes, changesState: true } },
  make: (config, seed) => (config.task === 'induction' ? randomInductionInputs(config, seed) : {}),
  readText: sentenceInduction,
  decoding: async () => (await import('./decoding.ts')).decoding,
  reference,
  counts: (config, { constant }) =>
    counts(config, { lanes: constant('project', 'LANES'), rows: constant('project', 'ROWS') }),
  steps: {
    'stage-weights': ['Stage weights', 'Rows of the weight matrix are copied into workgroup memory.'],
    multiply: ['Multiply', 'Every invocation adds the products of its time step with the staged rows.'],
    'write-projection': ['Write projection', 'The projected channels of the time step are written.'],
  },
});
