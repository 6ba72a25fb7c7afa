// The primitive `selective-state-update`: the selective scan's decode step, of Mamba-1 (no heads) or Mamba-2 (heads of dim channels).

import { EngineError } from '../../core/errors.ts';
import { normalTensor, uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import { card } from './card.ts';
import { reference, type UpdateConfig } from './reference.ts';

/** Axes of the signal and of a map, without and with the optional one. */
const RANKS = { x: [2, 3], B: [2, 3] } as const;

/** Whether `name` has its optional axis; the config's key, or undefined where nobody says. */
function hasAxis(name: keyof typeof RANKS, key: number | undefined, given: Tensor | undefined): boolean {
  if (!given) return (key ?? 0) > 0;
  const [without, withAxis] = RANKS[name];
  const rank = given.shape.length;
  if (rank === without || rank === withAxis) return rank === withAxis;
  const message = `${name} has ${rank} axes; it needs ${without} or ${withAxis}`;
  throw new EngineError('shape-mismatch', message, { field: name, value: given.shape, limit: RANKS[name] });
}

/** Channels over all heads. */
const channels = ({ heads, dim }: UpdateConfig) => Math.max(1, heads) * dim;
/** Elements of B, or of C, of one sequence. */
const mapSize = ({ groups, dstate }: UpdateConfig) => Math.max(1, groups) * dstate;

const channel = ({ heads }: UpdateConfig) => (heads === 0 ? ['channel'] : ['head', 'channel']);
const signal = (config: UpdateConfig) => ['batch', ...channel(config)];
const state = (config: UpdateConfig) => [...signal(config), 'state'];
const map = ({ groups }: UpdateConfig) => (groups === 0 ? ['batch', 'state'] : ['batch', 'group', 'state']);

export const selectiveStateUpdate = defineMechanism<UpdateConfig>({
  card,
  sizes: {
    batch: { most: 16, usual: 1 },
    heads: { most: 16, usual: 0, least: 0, axis: 'head' },
    dim: { most: 256, usual: 16, axis: 'channel' },
    dstate: { most: 32, usual: 8, axis: 'state' },
    groups: {
      most: 8,
      usual: 0,
      least: 0,
      axis: 'group',
      divides: ({ heads }) => (heads > 0 ? 'heads' : 'dim'),
    },
  },
  options: {
    dtSoftplus: { choices: [true, false] },
    discretization: { choices: ['euler', 'zoh'] },
  },
  axes: {
    weight: (config) => channels(config) * (config.dstate + 2),
    map: (config) => 2 * config.batch * mapSize(config),
  },
  tensors: {
    state: { axes: state, role: 'input', title: 'state' },
    x: { axes: signal, role: 'input', title: 'signal' },
    dt: {
      axes: signal,
      role: 'input',
      title: 'step size before bias and softplus',
      make: ({ dtSoftplus }, seed, shape) =>
        normalTensor(seed, 'dt', shape).data.map((value) => (dtSoftplus ? value : Math.abs(value))),
    },
    z: { axes: signal, role: 'input', optional: { flag: 'hasZ', usual: true }, title: 'gate' },
    bc: { axes: ['map'], role: 'state', title: 'B and C' },
    B: { axes: map, role: 'input', within: () => ({ buffer: 'bc', at: 0 }), title: 'input map' },
    C: {
      axes: map,
      role: 'input',
      within: (config) => ({ buffer: 'bc', at: config.batch * mapSize(config) }),
      title: 'output map',
    },
    weights: { axes: ['weight'], role: 'state', title: 'A, D and the bias of Δ' },
    A: {
      axes: (config) => [...channel(config), 'state'],
      role: 'input',
      within: () => ({ buffer: 'weights', at: 0 }),
      title: 'rates',
      // Negative, as Mamba starts it.
      make({ dstate }, seed, shape) {
        const spread = uniformStream(seed, 'A');
        return normalTensor(seed, 'A', shape).data.map((_, i) => -((i % dstate) + 1) * (0.5 + spread()));
      },
    },
    D: {
      axes: channel,
      role: 'input',
      optional: { flag: 'hasD', usual: true },
      within: (config) => ({ buffer: 'weights', at: channels(config) * config.dstate }),
      title: 'skip',
    },
    dt_bias: {
      axes: channel,
      role: 'input',
      optional: { flag: 'hasDtBias', usual: true },
      within: (config) => ({ buffer: 'weights', at: channels(config) * (config.dstate + 1) }),
      title: 'bias of Δ',
    },
    new_state: {
      axes: state,
      role: 'output',
      within: () => ({ buffer: 'state', at: 0 }),
      title: 'state after the token',
    },
    out: { axes: signal, role: 'output', title: 'output' },
  },
  settle(asked, inputs) {
    const withHeads = hasAxis('x', asked.heads, inputs?.x);
    const withGroups = hasAxis('B', asked.groups, inputs?.B);
    // What has an axis of that kind and says nothing of its extent leaves that to the inputs.
    const open = (has: boolean, asks: number) => (has ? asks || undefined : 0) as number;
    return { ...asked, heads: open(withHeads, asked.heads), groups: open(withGroups, asked.groups) };
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    N: ({ dstate }) => dstate,
    HAS_BIAS: ({ hasDtBias }) => hasDtBias,
    SOFTPLUS: ({ dtSoftplus }) => dtSoftplus,
    ZOH: ({ discretization }) => discretization === 'zoh',
    dim: channels,
    group_dim: (config) => channels(config) / Math.max(1, config.groups),
    z_at: 0,
    z_batch: channels,
    b_at: 0,
    b_batch: mapSize,
    c_at: (config) => config.batch * mapSize(config),
    c_batch: mapSize,
  },
  variants: {
    direct: {
      changesState: true,
      passes: [
        {
          kernel: 'selective-state-update',
          grid: (config, { constant }) => [Math.ceil(channels(config) / constant('LANES')), config.batch, 1],
        },
      ],
    },
  },
  reference,
  // The state is read and written once, whatever came before.
  counts(config) {
    const { batch, dstate, hasD, hasZ, hasDtBias } = config;
    const rows = batch * channels(config);
    return {
      buffers: {
        state: { loads: rows * dstate, stores: rows * dstate },
        x: { loads: rows },
        dt: { loads: rows },
        z: { loads: hasZ ? rows : 0 },
        bc: { loads: 2 * rows * dstate },
        weights: { loads: rows * (dstate + Number(hasD) + Number(hasDtBias)) },
        out: { stores: rows },
      },
    };
  },
  steps: {
    'load-token': ['Load the token', 'The signal, Δ and the weights of the channel are taken.'],
    'update-state': [
      'Update a state',
      'One state of every channel forgets by Ā, takes in B̄x, and adds its share to the output.',
    ],
  },
});
