// The dispatches of the fused scan, and of the S4 mode that any scan can have in front.

import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import type { ScanConfig } from './config.ts';
import { inputBuffers, mapParams, outputBuffers, UNUSED, UNUSED_OUTPUT } from './layout.ts';

export const SEQUENTIAL = 'sequential.wgsl';
export const SEQUENTIAL_X4 = 'sequential-x4.wgsl';
export const HOLD_MEAN = 'hold-mean.wgsl';

/** Lanes of a workgroup of sequential-x4.wgsl, four channels each. */
export const X4_LANES = 4;
const HOLD_LANES = 64;

/** Which plan buffer each of the kernels' variables is bound to; mamba-block points them at its own. */
export type ScanSources = Record<'u' | 'delta' | 'z' | 'bc' | 'weights' | 'out' | 'last_state', string>;

export function scanSources({ hasZ, lastState }: ScanConfig): ScanSources {
  return {
    u: 'u',
    delta: 'delta',
    z: hasZ ? 'z' : UNUSED.name,
    bc: 'bc',
    weights: 'weights',
    out: 'out',
    last_state: lastState ? 'last_state' : UNUSED_OUTPUT.name,
  };
}

/** Flags that every kernel of a scan bakes. */
export function scanFlags(config: ScanConfig) {
  return {
    N: config.dstate,
    HAS_D: config.hasD,
    HAS_Z: config.hasZ,
    HAS_BIAS: config.hasDeltaBias,
    SOFTPLUS: config.deltaSoftplus,
    ZOH: config.discretization === 'zoh',
    KEEP_STATE: config.lastState,
    B_PER_CHANNEL: config.bForm === 'constant',
    C_PER_CHANNEL: config.cForm === 'constant',
  };
}

/** Params that every kernel of a scan has. */
export function scanParams(config: ScanConfig): Record<string, number> {
  const { dim, seqlen, groups } = config;
  return { dim, seqlen, group_dim: dim / groups, ...mapParams(config) };
}

/**
 * The kernel behind a variant: B or C with values per channel cannot be shared between the four channels of a lane, so
 * `sequential-x4` then runs one channel a lane, as `sequential` does.
 */
export function fusedForm(
  { bForm, cForm }: Pick<ScanConfig, 'bForm' | 'cForm'>,
  variant: 'sequential' | 'sequential-x4',
): 'sequential' | 'sequential-x4' {
  return bForm === 'constant' || cForm === 'constant' ? 'sequential' : variant;
}

/**
 * The fused scan as one dispatch.
 *
 * @param params values that replace the standard layout's, where the sources are stretches of other tensors
 */
export function sequentialPass(
  config: ScanConfig,
  wished: 'sequential' | 'sequential-x4',
  sources: ScanSources,
  params: Record<string, number> = {},
): PassSpec {
  const variant = fusedForm(config, wished);
  const { batch, dim, seqlen, groups, channels, time } = config;
  const { B_PER_CHANNEL, C_PER_CHANNEL, ...flags } = scanFlags(config);
  const perWorkgroup = variant === 'sequential' ? channels : 4 * X4_LANES;
  return {
    kernel: variant === 'sequential' ? SEQUENTIAL : SEQUENTIAL_X4,
    constants:
      variant === 'sequential'
        ? { ...flags, B_PER_CHANNEL, C_PER_CHANNEL, CHANNELS: channels, TIME: time }
        : { ...flags, LANES: X4_LANES, TIME: time },
    bindings: sources,
    params: { ...scanParams(config), z_at: 0, z_batch: dim * seqlen, ...params },
    workgroups: [Math.ceil(dim / groups / perWorkgroup), groups, batch],
  };
}

/** Replaces `rows` rows of the buffer `x` by their means, in `x_held`. */
export function holdPass(x: string, at: number, rows: number, seqlen: number): PassSpec {
  return {
    kernel: HOLD_MEAN,
    constants: { LANES: HOLD_LANES },
    bindings: { x, held: `${x}_held` },
    params: { at, rows, seqlen },
    workgroups: [Math.ceil(rows / HOLD_LANES), 1, 1],
  };
}

/**
 * S4 mode in front of a scan: delta, B and C held at their means. Without it, the plan as it is.
 *
 * @param plan a plan that reads the buffers `delta` and `bc` of inputBuffers
 */
export function withMode(config: ScanConfig, plan: Plan): Plan {
  if (config.mode === 's6') return plan;
  const { batch, dim, dstate, seqlen, groups, bForm, cForm } = config;
  const map = (at: number, form: ScanConfig['bForm']) =>
    form === 'constant'
      ? holdPass('bc', at, dim * dstate, 1) // its own mean: the copy keeps B and C in one buffer
      : holdPass('bc', at, batch * (form === 'grouped' ? groups : 1) * dstate, seqlen);
  const held = (name: string): BufferSpec => {
    const { dtype, shape } = plan.buffers.find((buffer) => buffer.name === name)!;
    return { name: `${name}_held`, dtype, shape, role: 'scratch', init: 'poison' };
  };
  const rebind = (pass: PassSpec): PassSpec => ({
    ...pass,
    bindings: Object.fromEntries(
      Object.entries(pass.bindings).map(([variable, name]) => [
        variable,
        name === 'delta' || name === 'bc' ? `${name}_held` : name,
      ]),
    ),
  });
  const first = [holdPass('delta', 0, batch * dim, seqlen), map(0, bForm), map(mapParams(config).c_at!, cForm)];
  return {
    ...plan,
    buffers: [...plan.buffers, held('delta'), held('bc')],
    passes: [...first, ...plan.passes.map(rebind)],
  };
}

/** One dispatch over the whole sequence (three more before it in S4 mode). */
export function sequentialPlan(config: ScanConfig, variant: 'sequential' | 'sequential-x4'): Plan {
  return withMode(config, {
    buffers: [...inputBuffers(config), ...outputBuffers(config)],
    passes: [sequentialPass(config, variant, scanSources(config))],
    idempotent: true,
  });
}
