// What every mechanism that runs this scan has in common: sizes, options, tensors, values of the kernels' constants and params, and the
// S4 mode that any scan can have in front. Kernels may bind seven buffers, so A, D and delta_bias share one, and B and C share another;
// `within` keeps their names for callers.

import { EngineError } from '../../core/errors.ts';
import { normalTensor, uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Accesses, From, MechanismSpec, OptionSpec, Pass, TensorSpec, Value } from '../../define/spec.ts';
import type { Form, ScanConfig } from './reference.ts';

/** States a channel may have: the kernels keep them in 8 named registers of four. */
export const MAX_STATES = 32;

/** Axes of B or C. */
const FORM_AXES: Record<Form, readonly string[]> = {
  constant: ['channel', 'state'],
  time: ['batch', 'state', 'time'],
  grouped: ['batch', 'group', 'state', 'time'],
};
const FORMS: Record<number, Form> = { 2: 'constant', 3: 'time', 4: 'grouped' };

/** What B or C depends on is said by how many axes it has. */
function formOf(name: 'B' | 'C', key: unknown, given: Tensor | undefined): Form | undefined {
  if (!given) return undefined;
  const rank = given.shape.length;
  const form = FORMS[rank];
  if (!form) {
    const message = `${name} has ${rank} axes; it needs [dim, dstate], [batch, dstate, seqlen] or [batch, groups, dstate, seqlen]`;
    const limit = Object.values(FORM_AXES);
    throw new EngineError('shape-mismatch', message, { field: name, value: given.shape, limit });
  }
  if (key === undefined || key === form) return form;
  const message = `${name} is ${form}, the config says ${key}`;
  throw new EngineError('shape-mismatch', message, { field: name, value: form, limit: key });
}

const formOption = (name: 'B' | 'C'): OptionSpec => ({
  choices: ['constant', 'time', 'grouped'],
  usual: 'time',
  given: (inputs, asked) => formOf(name, asked, inputs[name]),
});

export const scanOptions: Record<string, OptionSpec> = {
  bForm: formOption('B'),
  cForm: formOption('C'),
  deltaSoftplus: { choices: [true, false] },
  discretization: { choices: ['euler', 'zoh'] },
  mode: { choices: ['s6', 's4'] },
  scan: { choices: [8, 16, 32, 64, 128, 256], usual: 64 },
  channels: { choices: [4, 8, 16, 32, 64], usual: 32 },
  time: { choices: [8, 16, 32], usual: 32 },
  lastState: { choices: [true, false] },
};

export const scanSizes: MechanismSpec<ScanConfig>['sizes'] = {
  batch: { most: 16, usual: 1 },
  dim: { most: 64, usual: 8, axis: 'channel' },
  dstate: { most: 32, usual: 4, limit: MAX_STATES, axis: 'state' },
  seqlen: { most: 512, usual: 64, axis: 'time' },
  groups: { most: 8, usual: 1, axis: 'group', divides: 'dim' },
  chunk: { most: 512, usual: 64, ofInputs: false },
};

/** One group where neither B nor C has any. */
export const settleGroups = <C extends ScanConfig>(asked: C): C =>
  asked.bForm === 'grouped' || asked.cForm === 'grouped' ? asked : { ...asked, groups: 1 };

/** Elements of B or C. */
export function mapSize(form: Form, { batch, dim, dstate, seqlen, groups }: ScanConfig): number {
  if (form === 'constant') return dim * dstate;
  return batch * (form === 'grouped' ? groups : 1) * dstate * seqlen;
}

export const scanAxes = {
  weight: ({ dim, dstate }: ScanConfig) => dim * (dstate + 2),
  map: (config: ScanConfig) => mapSize(config.bForm, config) + mapSize(config.cForm, config),
};

const isS4 = ({ mode }: ScanConfig) => mode === 's4';
const signal = ['batch', 'channel', 'time'];

/** Mamba's initial A[d, n] = −(n + 1) with some spread. */
function drawRates({ dstate }: ScanConfig, seed: number, shape: number[]): Float32Array {
  const spread = uniformStream(seed, 'A');
  return Float32Array.from({ length: shape[0]! * dstate }, (_, i) => -((i % dstate) + 1) * (0.5 + spread()));
}

/** In the order and packing that the kernels bind. @param usual whether D, z and delta_bias are there where nobody says */
export function scanInputs<C extends ScanConfig>(usual: boolean | ((config: C) => boolean)) {
  const optional = (flag: string) => ({ flag, usual });
  return {
    u: { axes: signal, role: 'input', title: 'signal' },
    delta: {
      axes: signal,
      role: 'input',
      title: 'step size before bias and softplus',
      make: ({ deltaSoftplus }, seed, shape) =>
        normalTensor(seed, 'delta', shape, 0.5).data.map((value) => (deltaSoftplus ? value : Math.abs(value))),
    },
    z: { axes: signal, role: 'input', optional: optional('hasZ'), title: 'gate' },
    bc: { axes: ['map'], role: 'state', title: 'B and C' },
    B: {
      axes: ({ bForm }) => FORM_AXES[bForm],
      role: 'input',
      within: () => ({ buffer: 'bc', at: 0 }),
      title: 'input map',
    },
    C: {
      axes: ({ cForm }) => FORM_AXES[cForm],
      role: 'input',
      within: (config) => ({ buffer: 'bc', at: mapSize(config.bForm, config) }),
      title: 'output map',
    },
    weights: { axes: ['weight'], role: 'state', title: 'A, D and the bias of Δ' },
    A: {
      axes: ['channel', 'state'],
      role: 'input',
      within: () => ({ buffer: 'weights', at: 0 }),
      title: 'rates',
      make: drawRates,
    },
    D: {
      axes: ['channel'],
      role: 'input',
      optional: optional('hasD'),
      within: ({ dim, dstate }) => ({ buffer: 'weights', at: dim * dstate }),
      title: 'skip',
    },
    delta_bias: {
      axes: ['channel'],
      role: 'input',
      optional: optional('hasDeltaBias'),
      within: ({ dim, dstate }) => ({ buffer: 'weights', at: dim * (dstate + 1) }),
      title: 'bias of Δ',
      make: (_config, seed, shape) => normalTensor(seed, 'delta_bias', shape, 0.2).data,
    },
  } satisfies Record<string, TensorSpec<C>>;
}

export const scanOutputs: Record<string, TensorSpec<ScanConfig>> = {
  out: { axes: signal, role: 'output', title: 'output' },
  last_state: {
    axes: ['batch', 'channel', 'state'],
    role: 'output',
    present: ({ lastState }) => lastState,
    title: 'state after the last step',
  },
  delta_held: { axes: signal, role: 'scratch', present: isS4, title: 'step size, held at its mean' },
  bc_held: { axes: ['map'], role: 'scratch', present: isS4, title: 'B and C, held at their means' },
};

/** Elements between sequences, and between groups, of B or C. */
const strides = (form: Form, { dstate, seqlen, groups }: ScanConfig) => ({
  batch: form === 'constant' ? 0 : form === 'grouped' ? groups * dstate * seqlen : dstate * seqlen,
  group: form === 'grouped' ? dstate * seqlen : 0,
});

export const scanValues: Record<string, From<ScanConfig, Value>> = {
  N: ({ dstate }) => dstate,
  HAS_BIAS: ({ hasDeltaBias }) => hasDeltaBias,
  SOFTPLUS: ({ deltaSoftplus }) => deltaSoftplus,
  ZOH: ({ discretization }) => discretization === 'zoh',
  KEEP_STATE: ({ lastState }) => lastState,
  B_PER_CHANNEL: ({ bForm }) => bForm === 'constant',
  C_PER_CHANNEL: ({ cForm }) => cForm === 'constant',
  group_dim: ({ dim, groups }) => dim / groups,
  z_at: 0,
  z_batch: ({ dim, seqlen }) => dim * seqlen,
  b_at: 0,
  b_batch: (config) => strides(config.bForm, config).batch,
  b_group: (config) => strides(config.bForm, config).group,
  c_at: (config) => mapSize(config.bForm, config),
  c_batch: (config) => strides(config.cForm, config).batch,
  c_group: (config) => strides(config.cForm, config).group,
};

/** What kernels bind as Δ, and as B and C, behind the S4 mode. */
export const heldDelta = (config: ScanConfig) => (isS4(config) ? 'delta_held' : 'delta');
export const heldMaps = (config: ScanConfig) => (isS4(config) ? 'bc_held' : 'bc');

/** Replaces rows of a tensor by their means over time. */
function holdPass(
  name: 'delta' | 'bc',
  at: From<ScanConfig, number>,
  extents: (config: ScanConfig) => { rows: number; seqlen: number },
): Pass<ScanConfig> {
  return {
    kernel: 'hold-mean',
    when: isS4,
    bindings: { x: name, held: `${name}_held` },
    values: { at, rows: (config) => extents(config).rows, seqlen: (config) => extents(config).seqlen },
    grid: (config, { constant }) => [Math.ceil(extents(config).rows / constant('LANES')), 1, 1],
  };
}

/** A constant B or C is its own mean: the copy keeps both in one buffer. */
const mapRows = (form: Form, config: ScanConfig) =>
  form === 'constant'
    ? { rows: mapSize(form, config), seqlen: 1 }
    : { rows: mapSize(form, config) / config.seqlen, seqlen: config.seqlen };

/** In front of a scan: delta, B and C held at their means, in S4 mode. */
export const holdPasses: Pass<ScanConfig>[] = [
  holdPass('delta', 0, ({ batch, dim, seqlen }) => ({ rows: batch * dim, seqlen })),
  holdPass('bc', 0, (config) => mapRows(config.bForm, config)),
  holdPass(
    'bc',
    (config) => mapSize(config.bForm, config),
    (config) => mapRows(config.cForm, config),
  ),
];

/** What the S4 mode adds to the counts of a scan that reads Δ and the maps so often. */
export function modeCounts(config: ScanConfig, delta: number, maps: number): Record<string, Accesses> {
  if (!isS4(config)) return { delta: { loads: delta }, bc: { loads: maps } };
  const steps = config.batch * config.dim * config.seqlen;
  const map = scanAxes.map(config);
  return {
    delta: { loads: steps },
    delta_held: { loads: delta, stores: steps },
    bc: { loads: map },
    bc_held: { loads: maps, stores: map },
  };
}

/** Workgroups that each read all of B and C of their group, times batch and groups. */
export function channelBlocks({ batch, dim, groups }: ScanConfig, perWorkgroup: number): number {
  return batch * groups * Math.ceil(dim / groups / perWorkgroup);
}

/** Loads of B or C from device memory, when each workgroup of `blocks` reads them once. */
export function mapLoads({ batch, dim, dstate, seqlen }: ScanConfig, form: Form, blocks: number): number {
  return form === 'constant' ? batch * dim * dstate : blocks * dstate * seqlen;
}
