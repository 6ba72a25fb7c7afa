// Plan of `mamba-block`: prefill as five kernels (six from the hidden states), and a decode step against the two caches that the
// prefill leaves: the last inputs of the convolution and the state of the scan.

import { EngineError } from '../../core/errors.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import type { ConvConfig } from '../../primitives/causal-conv1d/reference.ts';
import type { UpdateConfig } from '../../primitives/selective-state-update/config.ts';
import { updatePass as stateStep } from '../../primitives/selective-state-update/plan.ts';
import type { ScanConfig } from '../../primitives/sequential-scan/config.ts';
import { holdPass, sequentialPass } from '../../primitives/sequential-scan/plan.ts';
import type { Config } from '../mechanism.ts';
import { type BlockConfig, shapeOf, tensorsOf } from './config.ts';

export const PROJECT = 'project.wgsl';
export const PROJECT_LANES = 32;
export const PROJECT_ROWS = 4;
export const PROJECT_DEPTH = 32;

/** Element distances of a tensor between sequences, channels and time steps. */
interface Strides {
  batch: number;
  row: number;
  step: number;
}

/** [batch, rows, steps] */
const channelMajor = (rows: number, steps: number): Strides => ({ batch: rows * steps, row: steps, step: 1 });
/** [batch, steps, rows] */
const timeMajor = (rows: number, steps: number): Strides => ({ batch: rows * steps, row: 1, step: rows });

interface Projection {
  x: string;
  weight: string;
  y: string;
  inputs: number;
  outputs: number;
  steps: number;
  from: Strides;
  to: Strides;
}

function projectPass(batch: number, { x, weight, y, inputs, outputs, steps, from, to }: Projection): PassSpec {
  return {
    kernel: PROJECT,
    constants: { LANES: PROJECT_LANES, ROWS: PROJECT_ROWS, DEPTH: PROJECT_DEPTH },
    bindings: { x, weight, y },
    params: {
      ...{ inputs, outputs, steps, x_at: 0, x_batch: from.batch, x_row: from.row, x_step: from.step },
      ...{ y_batch: to.batch, y_row: to.row, y_step: to.step },
    },
    workgroups: [Math.ceil(steps / PROJECT_LANES), Math.ceil(outputs / PROJECT_ROWS), batch],
  };
}

/** The one dispatch of a convolution, on other buffers. @param xBatch elements between batch entries of x */
function convPass(variant: string, config: Config, bindings: Record<string, string>, xBatch: number): PassSpec {
  const [pass] = causalConv1d.plan(variant, config, {}).passes;
  return { ...pass!, bindings, params: { ...pass!.params, x_batch: xBatch } };
}

export function convConfig(config: BlockConfig, seqlen: number, step: boolean): ConvConfig & Config {
  const { batch, dim, width, hasConvBias } = config;
  return {
    ...{ batch, dim, seqlen, width, stateLen: width - 1, activation: 'silu', hasBias: hasConvBias },
    ...{ hasInitialStates: false, step, circular: false },
  };
}

export function scanConfig(config: BlockConfig): ScanConfig {
  const { batch, dim, dstate, seqlen, hasD, hasDeltaBias, discretization, channels, time } = config;
  return {
    ...{ batch, dim, dstate, seqlen, groups: 1, bForm: 'time', cForm: 'time', hasD, hasZ: true, hasDeltaBias },
    ...{
      deltaSoftplus: true,
      discretization,
      mode: 's6',
      chunk: seqlen,
      scan: 64,
      channels,
      time,
      task: 'none',
      trap: 'none',
      lastState: true,
    },
  };
}

function stepConfig({ batch, dim, dstate, hasD, hasDeltaBias, discretization }: BlockConfig): UpdateConfig {
  const flags = { hasD, hasZ: true, hasDtBias: hasDeltaBias, dtSoftplus: true, discretization };
  return { batch, heads: 0, dim, dstate, groups: 0, ...flags };
}

/** The two projections that make Δ, B and C out of the filtered signal. */
function deltaPasses(config: BlockConfig, steps: number, suffix: string): PassSpec[] {
  const { batch, dim, deltaRank, dstate } = config;
  const rows = deltaRank + 2 * dstate;
  const [signal, maps] = [channelMajor(dim, steps), channelMajor(rows, steps)];
  const name = (base: string) => base + suffix;
  return [
    projectPass(batch, {
      ...{ x: name('xc'), weight: 'x_proj_weight', y: name('x_dbl'), inputs: dim, outputs: rows, steps },
      ...{ from: signal, to: maps },
    }),
    projectPass(batch, {
      ...{ x: name('x_dbl'), weight: 'delta_proj_weight', y: name('delta'), inputs: deltaRank, outputs: dim, steps },
      ...{ from: maps, to: signal },
    }),
  ];
}

function outPass({ batch, dim, outDim }: BlockConfig, steps: number, suffix: string): PassSpec {
  return projectPass(batch, {
    ...{ x: `y${suffix}`, weight: 'out_proj_weight', y: `out${suffix}`, inputs: dim, outputs: outDim, steps },
    ...{ from: channelMajor(dim, steps), to: timeMajor(outDim, steps) },
  });
}

function inPass({ batch, dim, dModel }: BlockConfig, steps: number, suffix: string): PassSpec {
  return projectPass(batch, {
    ...{ x: `hidden_states${suffix}`, weight: 'in_proj_weight', y: `xz${suffix}`, inputs: dModel, outputs: 2 * dim },
    ...{ steps, from: timeMajor(dModel, steps), to: channelMajor(2 * dim, steps) },
  });
}

/** Where B, C and the gate stand in x_dbl and xz, for `steps` time steps. */
function mapParams({ dim, deltaRank, dstate }: BlockConfig, steps: number): Record<string, number> {
  const batch = (deltaRank + 2 * dstate) * steps;
  return {
    ...{ z_at: dim * steps, z_batch: 2 * dim * steps, b_at: deltaRank * steps, b_batch: batch },
    ...{ c_at: (deltaRank + dstate) * steps, c_batch: batch },
  };
}

function prefill(config: BlockConfig): PassSpec[] {
  const { batch, dim, seqlen, deltaRank, dstate, hasConvBias, inProj, mode } = config;
  const held = mode === 's4';
  const conv = convPass(
    'direct',
    convConfig(config, seqlen, false),
    {
      ...{ x: 'xz', weight: 'conv1d_weight', bias: hasConvBias ? 'conv1d_bias' : 'unused' },
      ...{ initial_states: 'unused', out: 'xc', final_states: 'conv_state' },
    },
    2 * dim * seqlen,
  );
  const scan = sequentialPass(
    scanConfig(config),
    'sequential',
    {
      ...{ u: 'xc', delta: held ? 'delta_held' : 'delta', z: 'xz', bc: held ? 'x_dbl_held' : 'x_dbl' },
      ...{ weights: 'weights', out: 'y', last_state: 'ssm_state' },
    },
    { ...mapParams(config, seqlen), b_group: 0, c_group: 0 },
  );
  return [
    ...(inProj ? [inPass(config, seqlen, '')] : []),
    conv,
    ...deltaPasses(config, seqlen, ''),
    ...(held
      ? [holdPass('delta', 0, batch * dim, seqlen), holdPass('x_dbl', 0, batch * (deltaRank + 2 * dstate), seqlen)]
      : []),
    scan,
    outPass(config, seqlen, ''),
  ];
}

function decode(config: BlockConfig): PassSpec[] {
  const { dim, hasConvBias, inProj } = config;
  return [
    ...(inProj ? [inPass(config, 1, '_step')] : []),
    convPass(
      'update',
      convConfig(config, 1, true),
      {
        ...{ x: 'xz_step', weight: 'conv1d_weight', bias: hasConvBias ? 'conv1d_bias' : 'unused' },
        ...{ cache_seqlens: 'unused', conv_state: 'conv_state', out: 'xc_step' },
      },
      2 * dim,
    ),
    ...deltaPasses(config, 1, '_step'),
    stateStep(
      stepConfig(config),
      {
        ...{ x: 'xc_step', dt: 'delta_step', z: 'xz_step', bc: 'x_dbl_step', weights: 'weights' },
        ...{ state: 'ssm_state', out: 'y_step' },
      },
      mapParams(config, 1),
    ),
    outPass(config, 1, '_step'),
  ];
}

function buffersOf(config: BlockConfig): BufferSpec[] {
  const { batch, dim, seqlen, dstate, deltaRank, width, outDim, dModel, inProj, mode } = config;
  const rows = deltaRank + 2 * dstate;
  const within: Record<string, number> = { A: 0, D: dim * dstate, delta_bias: dim * (dstate + 1) };
  const spec = (name: string, shape: number[], role: BufferSpec['role'], init?: BufferSpec['init']): BufferSpec => ({
    name,
    dtype: 'f32',
    shape,
    role,
    ...(init && { init }),
  });
  const inputs = Object.entries(tensorsOf(config)).map(([name, axes]): BufferSpec => {
    const at = within[name];
    return {
      ...spec(name, shapeOf(axes, config), 'input'),
      ...(at !== undefined && { within: { buffer: 'weights', at } }),
    };
  });
  const work = (suffix: string, steps: number) => [
    ...(inProj ? [spec(`xz${suffix}`, [batch, 2 * dim, steps], 'scratch', 'poison')] : []),
    spec(`xc${suffix}`, [batch, dim, steps], 'scratch', 'poison'),
    spec(`x_dbl${suffix}`, [batch, rows, steps], 'scratch', 'poison'),
    spec(`delta${suffix}`, [batch, dim, steps], 'scratch', 'poison'),
    spec(`y${suffix}`, [batch, dim, steps], 'scratch', 'poison'),
    spec(`out${suffix}`, [batch, steps, outDim], 'output', 'poison'),
  ];
  const held = [spec('delta_held', [batch, dim, seqlen], 'scratch', 'poison')];
  return [
    spec('weights', [dim * (dstate + 2)], 'state', 'poison'),
    ...inputs,
    spec('unused', [1], 'scratch', 'zero'),
    ...work('', seqlen),
    spec('conv_state', [batch, dim, width - 1], 'state', 'zero'),
    spec('ssm_state', [batch, dim, dstate], 'state', 'zero'),
    ...(mode === 's4'
      ? [...held, spec('x_dbl_held', [batch, rows, seqlen], 'scratch', 'poison')]
      : [
          // The token of a decode step: written by the caller before each.
          inProj
            ? spec('hidden_states_step', [batch, 1, dModel], 'state', 'poison')
            : spec('xz_step', [batch, 2 * dim, 1], 'state', 'poison'),
          ...work('_step', 1),
        ]),
  ];
}

/**
 * Parts: `run` = `prefill` (all of the sequence; leaves conv_state and ssm_state), and `step` (one token more, from `xz_step` or
 * `hidden_states_step`; output `out_step`). S4 mode has no `step`: its means need the whole sequence.
 *
 * @throws EngineError unknown-variant
 */
export function plan(variant: string, config: BlockConfig): Plan {
  if (variant !== 'fused') {
    const message = `mamba-block has no variant ${variant}`;
    throw new EngineError('unknown-variant', message, { field: 'variant', value: variant, limit: ['fused'] });
  }
  const first = prefill(config);
  const next = config.mode === 's4' ? [] : decode(config);
  const whole = first.map((_, index) => index);
  return {
    buffers: buffersOf(config),
    passes: [...first, ...next],
    parts: {
      run: whole,
      prefill: whole,
      ...(next.length > 0 && { step: next.map((_, index) => first.length + index) }),
    },
    idempotent: false,
  };
}
