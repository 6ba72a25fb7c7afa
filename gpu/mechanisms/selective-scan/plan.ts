// Plans of the five ways to run one selective scan.

import { EngineError } from '../../core/errors.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import type { ScanConfig } from '../../primitives/sequential-scan/config.ts';
import { inputBuffers, outputBuffers } from '../../primitives/sequential-scan/layout.ts';
import { scanFlags, scanParams, scanSources, sequentialPlan, withMode } from '../../primitives/sequential-scan/plan.ts';
import type { Limits } from '../mechanism.ts';

export const KERNELS = {
  discretize: 'discretize.wgsl',
  discretizeNaive: 'discretize-naive.wgsl',
  recur: 'recur.wgsl',
  quotient: 'quotient.wgsl',
  readOut: 'read-out.wgsl',
  hillisSteele: 'hillis-steele.wgsl',
  blelloch: 'blelloch.wgsl',
  chunkSummary: 'chunk-summary.wgsl',
  chunkCarry: 'chunk-carry.wgsl',
  chunkScan: 'chunk-scan.wgsl',
} as const;

/** Lanes of the passes with one invocation per state. */
const STATE_LANES = 64;

const pick = <T extends object, K extends keyof T>(from: T, ...keys: K[]) =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

/** True, or what this device lacks. */
export function supports(variant: string, config: ScanConfig, limits: Limits): true | EngineError {
  if (variant !== 'hillis-steele' && variant !== 'blelloch') return true;
  const limit = limits.maxComputeInvocationsPerWorkgroup;
  if (limit === undefined || config.scan <= limit) return true;
  const message = `a scan over ${config.scan} time steps needs as many invocations; this device allows ${limit} per workgroup`;
  return new EngineError('limit-exceeded', message, { field: 'scan', value: config.scan, limit });
}

/** @throws EngineError unknown-variant, limit-exceeded */
export function plan(variant: string, config: ScanConfig, limits: Limits): Plan {
  const supported = supports(variant, config, limits);
  if (supported !== true) throw supported;
  switch (variant) {
    case 'sequential':
    case 'sequential-x4':
      return sequentialPlan(config, variant);
    case 'unfused':
      return withMode(config, unfusedPlan(config));
    case 'hillis-steele':
      return withMode(config, parallelPlan(config, KERNELS.hillisSteele));
    case 'blelloch':
      return withMode(config, parallelPlan(config, KERNELS.blelloch));
    case 'chunked':
      return withMode(config, chunkedPlan(config));
    default:
      throw new EngineError('unknown-variant', `selective-scan has no variant ${variant}`, {
        field: 'variant',
        value: variant,
      });
  }
}

const scratch = (name: string, shape: number[]): BufferSpec => ({
  name,
  dtype: 'f32',
  shape,
  role: 'scratch',
  init: 'poison',
});

/** The mistake that a run of `variant` really makes: traps stand in `unfused`, those of the hold where there is one. */
export function trapOf(variant: string, { trap = 'none', discretization }: ScanConfig): ScanConfig['trap'] {
  if (variant !== 'unfused') return 'none';
  const ofHold = trap === 'first-order' || trap === 'naive-hold';
  return ofHold && discretization !== 'zoh' ? 'none' : trap;
}

/** Ā and B̄u of every state and step; a trap of the hold takes the place of the exact one. */
function discretizeKernel(config: ScanConfig): Pick<PassSpec, 'kernel' | 'constants'> {
  const { channels, time } = config;
  const trap = trapOf('unfused', config);
  const { ZOH, ...flags } = pick(scanFlags(config), 'N', 'B_PER_CHANNEL', 'HAS_BIAS', 'SOFTPLUS', 'ZOH');
  const constants = { ...flags, CHANNELS: channels, TIME: time };
  if (trap === 'naive-hold') return { kernel: KERNELS.discretizeNaive, constants };
  return { kernel: KERNELS.discretize, constants: { ...constants, ZOH: ZOH && trap !== 'first-order' } };
}

/** The recurrence, or the quotient that is the same only on paper. */
function recurKernel(config: ScanConfig): Pick<PassSpec, 'kernel' | 'constants'> {
  const trap = trapOf('unfused', config);
  const constants = { ...pick(scanFlags(config), 'N', 'KEEP_STATE'), LANES: STATE_LANES };
  if (trap !== 'quotient' && trap !== 'guarded-quotient') return { kernel: KERNELS.recur, constants };
  return { kernel: KERNELS.quotient, constants: { ...constants, GUARDED: trap === 'guarded-quotient' } };
}

function unfusedPlan(config: ScanConfig): Plan {
  const { batch, dim, dstate, seqlen, groups, channels, time } = config;
  const sources = scanSources(config);
  const flags = scanFlags(config);
  const params = scanParams(config);
  const blocks: PassSpec['workgroups'] = [Math.ceil(dim / groups / channels), groups, batch];
  const tile = { CHANNELS: channels, TIME: time };
  const expanded = [batch, dim, seqlen, dstate];
  return {
    buffers: [
      ...inputBuffers(config),
      scratch('a_bar', expanded),
      scratch('b_bar_u', expanded),
      scratch('states', expanded),
      ...outputBuffers(config),
    ],
    passes: [
      {
        ...discretizeKernel(config),
        bindings: { ...pick(sources, 'u', 'delta', 'bc', 'weights'), a_bar: 'a_bar', b_bar_u: 'b_bar_u' },
        params: pick(params, 'dim', 'seqlen', 'group_dim', 'b_at', 'b_batch', 'b_group'),
        workgroups: blocks,
      },
      {
        ...recurKernel(config),
        bindings: { a_bar: 'a_bar', b_bar_u: 'b_bar_u', states: 'states', ...pick(sources, 'last_state') },
        params: { rows: batch * dim, dim, seqlen },
        workgroups: [Math.ceil((batch * dim * dstate) / STATE_LANES), 1, 1],
      },
      {
        kernel: KERNELS.readOut,
        constants: { ...pick(flags, 'N', 'C_PER_CHANNEL', 'HAS_D', 'HAS_Z'), ...tile },
        bindings: { ...pick(sources, 'u', 'z', 'bc', 'weights', 'out'), states: 'states' },
        params: pick(params, 'dim', 'seqlen', 'group_dim', 'c_at', 'c_batch', 'c_group'),
        workgroups: blocks,
      },
    ],
    idempotent: true,
  };
}

function parallelPlan(config: ScanConfig, kernel: string): Plan {
  const { batch, dim, scan } = config;
  return {
    buffers: [...inputBuffers(config), ...outputBuffers(config)],
    passes: [
      {
        kernel,
        constants: { ...scanFlags(config), SCAN: scan },
        bindings: scanSources(config),
        params: scanParams(config),
        workgroups: [dim, batch, 1],
      },
    ],
    idempotent: true,
  };
}

function chunkedPlan(config: ScanConfig): Plan {
  const { batch, dim, dstate, seqlen, groups, channels, time } = config;
  const chunk = Math.min(config.chunk, seqlen);
  const chunks = Math.ceil(seqlen / chunk);
  const sources = scanSources(config);
  const flags = scanFlags(config);
  const params: Record<string, number> = { ...scanParams(config), chunk, chunks };
  const blocks: PassSpec['workgroups'] = [Math.ceil(dim / groups / channels) * chunks, groups, batch];
  const tile = { CHANNELS: channels, TIME: time };
  return {
    buffers: [
      ...inputBuffers(config),
      scratch('carry', [batch, chunks, dim, dstate]),
      scratch('spans', [batch, chunks, dim]),
      ...outputBuffers(config),
    ],
    passes: [
      {
        kernel: KERNELS.chunkSummary,
        constants: { ...pick(flags, 'N', 'B_PER_CHANNEL', 'HAS_BIAS', 'SOFTPLUS', 'ZOH'), ...tile },
        bindings: { ...pick(sources, 'u', 'delta', 'bc', 'weights'), carry: 'carry', spans: 'spans' },
        params: pick(params, 'dim', 'seqlen', 'group_dim', 'b_at', 'b_batch', 'b_group', 'chunk', 'chunks'),
        workgroups: blocks,
      },
      {
        kernel: KERNELS.chunkCarry,
        constants: { ...pick(flags, 'N', 'KEEP_STATE'), LANES: STATE_LANES },
        bindings: { ...pick(sources, 'weights', 'last_state'), carry: 'carry', spans: 'spans' },
        params: { batch, dim, chunks },
        workgroups: [Math.ceil((batch * dim * dstate) / STATE_LANES), 1, 1],
      },
      {
        kernel: KERNELS.chunkScan,
        constants: {
          ...pick(flags, 'N', 'B_PER_CHANNEL', 'C_PER_CHANNEL', 'HAS_D', 'HAS_Z', 'HAS_BIAS', 'SOFTPLUS', 'ZOH'),
          ...tile,
        },
        bindings: { ...pick(sources, 'u', 'delta', 'z', 'bc', 'weights', 'out'), carry: 'carry' },
        params: { ...params, z_at: 0, z_batch: dim * seqlen },
        workgroups: blocks,
      },
    ],
    idempotent: true,
  };
}
