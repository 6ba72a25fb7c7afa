// What the block dispatches: its own maps over channels, and the filter, scan and decode step of the primitives. Prefill goes over the
// whole sequence and leaves two caches, the last inputs of the filter and the state of the scan; a step takes one token more from them.

import type { Pass, Sub } from '../../define/spec.ts';
import type { View } from '../../plan/views.ts';
import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import { selectiveStateUpdate } from '../../primitives/selective-state-update/selective-state-update.ts';
import { sequentialScan } from '../../primitives/sequential-scan/sequential-scan.ts';
import type { BlockConfig } from './reference.ts';

type Size = (config: BlockConfig) => number;

/** Rows of x_dbl: those that make Δ, then B, then C. */
export const mapRows: Size = ({ deltaRank, dstate }) => deltaRank + 2 * dstate;
export const both: Size = ({ dim }) => 2 * dim;
export const isHeld = ({ mode }: BlockConfig) => mode === 's4';
const isStepping = (config: BlockConfig) => !isHeld(config);

/** Prefill over the whole sequence, or a step over one token; tensors of a step are called `…_step`. */
interface Part {
  part: 'prefill' | 'step';
  suffix: '' | '_step';
  steps: Size;
}
const prefill: Part = { part: 'prefill', suffix: '', steps: ({ seqlen }) => seqlen };
const step: Part = { part: 'step', suffix: '_step', steps: () => 1 };

/** [batch, rows, steps] or [batch, steps, rows] */
type Order = 'channel-major' | 'time-major';

export interface Projection {
  x: string;
  weight: string;
  y: string;
  inputs: Size;
  outputs: Size;
  /** Rows of the tensor that x is the first of; `inputs` where absent. */
  rows?: Size;
  from?: Order;
  to?: Order;
}

/** The maps of the block, in the order of prefill. */
export const projections: Record<'in' | 'maps' | 'delta' | 'out', Projection> = {
  in: {
    x: 'hidden_states',
    weight: 'in_proj_weight',
    y: 'xz',
    inputs: ({ dModel }) => dModel,
    outputs: both,
    from: 'time-major',
  },
  maps: { x: 'xc', weight: 'x_proj_weight', y: 'x_dbl', inputs: ({ dim }) => dim, outputs: mapRows },
  delta: {
    x: 'x_dbl',
    weight: 'delta_proj_weight',
    y: 'delta',
    inputs: ({ deltaRank }) => deltaRank,
    outputs: ({ dim }) => dim,
    rows: mapRows,
  },
  out: {
    x: 'y',
    weight: 'out_proj_weight',
    y: 'out',
    inputs: ({ dim }) => dim,
    outputs: ({ outDim }) => outDim,
    to: 'time-major',
  },
};

/** Elements between sequences, channels and time steps. */
const strides = (order: Order, rows: number, steps: number) => ({
  batch: rows * steps,
  row: order === 'channel-major' ? steps : 1,
  step: order === 'channel-major' ? 1 : rows,
});

function project(
  { part, suffix, steps }: Part,
  { x, weight, y, inputs, outputs, rows = inputs, from = 'channel-major', to = 'channel-major' }: Projection,
): Pass<BlockConfig> {
  const read = (config: BlockConfig) => strides(from, rows(config), steps(config));
  const write = (config: BlockConfig) => strides(to, outputs(config), steps(config));
  return {
    kernel: 'project',
    part,
    bindings: { x: x + suffix, weight, y: y + suffix },
    when: (config) => (x !== 'hidden_states' || config.inProj) && (part === 'prefill' || isStepping(config)),
    values: {
      inputs,
      outputs,
      steps,
      x_at: 0,
      x_batch: (config) => read(config).batch,
      x_row: (config) => read(config).row,
      x_step: (config) => read(config).step,
      y_batch: (config) => write(config).batch,
      y_row: (config) => write(config).row,
      y_step: (config) => write(config).step,
    },
    grid: (config, { constant }) => [
      Math.ceil(steps(config) / constant('LANES')),
      Math.ceil(outputs(config) / constant('ROWS')),
      config.batch,
    ],
  };
}

/** S4: Δ, B and C at their means over the whole sequence. */
const hold = (name: 'delta' | 'x_dbl', rows: Size): Pass<BlockConfig> => ({
  kernel: 'hold-mean',
  part: 'prefill',
  when: isHeld,
  bindings: { x: name, held: `${name}_held` },
  values: { at: 0, rows: (config) => config.batch * rows(config) },
  grid: (config, { constant }) => [Math.ceil((config.batch * rows(config)) / constant('LANES')), 1, 1],
});

/** Signal and gate stand in xz, one after the other; Δ, B and C in the rows of x_dbl. */
function views({ steps }: Part, config: BlockConfig, xz: string, maps: string): Record<'x' | 'z' | 'B' | 'C', View> {
  const { dim, deltaRank, dstate } = config;
  const length = steps(config);
  const inXz = (row: number): View => ({ of: xz, at: row * length, strides: { batch: 2 * dim * length } });
  const inMaps = (row: number): View => ({ of: maps, at: row * length, strides: { batch: mapRows(config) * length } });
  return { x: inXz(0), z: inXz(dim), B: inMaps(deltaRank), C: inMaps(deltaRank + dstate) };
}

function filter({ part, suffix, steps }: Part): Sub<BlockConfig> {
  const isStep = part === 'step';
  return {
    mechanism: causalConv1d,
    variant: isStep ? 'update' : 'direct',
    part,
    when: (config) => !isStep || isStepping(config),
    config: ({ batch, dim, width, hasConvBias, ...config }) => ({
      batch,
      dim,
      seqlen: steps({ batch, dim, width, hasConvBias, ...config }),
      width,
      stateLen: width - 1,
      activation: 'silu',
      hasBias: hasConvBias,
      hasInitialStates: false,
      step: isStep,
      circular: false,
    }),
    names: {
      weight: 'conv1d_weight',
      bias: 'conv1d_bias',
      out: `xc${suffix}`,
      ...(isStep ? { conv_state: 'conv_state' } : { final_states: 'conv_state' }),
    },
    views: (config) => ({ x: views(isStep ? step : prefill, config, `xz${suffix}`, `x_dbl${suffix}`).x }),
  };
}

const weights = { weights: 'weights', A: 'A', D: 'D' };

const scan: Sub<BlockConfig> = {
  mechanism: sequentialScan,
  variant: 'sequential',
  part: 'prefill',
  config: ({ batch, dim, dstate, seqlen, hasD, hasDeltaBias, discretization, channels, time }) => ({
    batch,
    dim,
    dstate,
    seqlen,
    groups: 1,
    bForm: 'time',
    cForm: 'time',
    hasD,
    hasZ: true,
    hasDeltaBias,
    deltaSoftplus: true,
    discretization,
    mode: 's6',
    chunk: seqlen,
    scan: 64,
    channels,
    time,
    lastState: true,
  }),
  names: {
    ...weights,
    delta_bias: 'delta_bias',
    u: 'xc',
    out: 'y',
    last_state: 'ssm_state',
    delta: (config) => (isHeld(config) ? 'delta_held' : 'delta'),
  },
  views(config) {
    const { z, B, C } = views(prefill, config, 'xz', isHeld(config) ? 'x_dbl_held' : 'x_dbl');
    return { z, B, C };
  },
};

const advance: Sub<BlockConfig> = {
  mechanism: selectiveStateUpdate,
  variant: 'direct',
  part: 'step',
  when: isStepping,
  config: ({ batch, dim, dstate, hasD, hasDeltaBias, discretization }) => ({
    batch,
    heads: 0,
    dim,
    dstate,
    groups: 0,
    discretization,
    hasD,
    hasZ: true,
    hasDtBias: hasDeltaBias,
    dtSoftplus: true,
  }),
  names: { ...weights, dt_bias: 'delta_bias', x: 'xc_step', dt: 'delta_step', state: 'ssm_state', out: 'y_step' },
  views(config) {
    const { z, B, C } = views(step, config, 'xz_step', 'x_dbl_step');
    return { z, B, C };
  },
};

export const passes: (Pass<BlockConfig> | Sub<BlockConfig>)[] = [
  project(prefill, projections.in),
  filter(prefill),
  project(prefill, projections.maps),
  project(prefill, projections.delta),
  hold('delta', ({ dim }) => dim),
  hold('x_dbl', mapRows),
  scan,
  project(prefill, projections.out),
  project(step, projections.in),
  filter(step),
  project(step, projections.maps),
  project(step, projections.delta),
  advance,
  project(step, projections.out),
];
