// Plan of `selective-state-update`: one dispatch that moves the state on in place.

import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import { axesOf, type UpdateConfig } from './config.ts';

export const KERNEL = 'selective-state-update.wgsl';
const LANES = 32;

/** Channels over all heads, and groups as the kernel counts them. */
export function flatten({ heads, dim, groups }: Pick<UpdateConfig, 'heads' | 'dim' | 'groups'>) {
  return { channels: Math.max(1, heads) * dim, groups: Math.max(1, groups) };
}

export type UpdateSources = Record<'x' | 'dt' | 'z' | 'bc' | 'weights' | 'state' | 'out', string>;

/** @param params values that replace the standard layout's, where the sources are stretches of other tensors */
export function updatePass(
  config: UpdateConfig,
  sources: UpdateSources,
  params: Record<string, number> = {},
): PassSpec {
  const { batch, dstate, dtSoftplus, discretization, hasD, hasZ, hasDtBias } = config;
  const { channels, groups } = flatten(config);
  const map = groups * dstate;
  return {
    kernel: KERNEL,
    constants: {
      LANES,
      N: dstate,
      HAS_D: hasD,
      HAS_Z: hasZ,
      HAS_BIAS: hasDtBias,
      SOFTPLUS: dtSoftplus,
      ZOH: discretization === 'zoh',
    },
    bindings: sources,
    params: {
      dim: channels,
      group_dim: channels / groups,
      z_at: 0,
      z_batch: channels,
      b_at: 0,
      b_batch: map,
      c_at: batch * map,
      c_batch: map,
      ...params,
    },
    workgroups: [Math.ceil(channels / LANES), batch, 1],
  };
}

export function plan(config: UpdateConfig): Plan {
  const { batch, dstate, heads, groups, hasD, hasZ, hasDtBias } = config;
  const { channels } = flatten(config);
  const map = batch * Math.max(1, groups) * dstate;
  const axes = axesOf(heads > 0, groups > 0);
  const spec = (name: string, shape: number[], role: BufferSpec['role'], more?: Partial<BufferSpec>): BufferSpec => ({
    name,
    dtype: 'f32',
    shape,
    role,
    ...more,
  });
  const input = (name: keyof typeof axes, buffer?: string, at = 0) =>
    spec(
      name,
      axes[name].map((axis) => config[axis]),
      'input',
      buffer === undefined ? {} : { within: { buffer, at } },
    );
  const state = axes.state.map((axis) => config[axis]);
  return {
    buffers: [
      input('state'),
      input('x'),
      input('dt'),
      ...(hasZ ? [input('z')] : []),
      spec('bc', [2 * map], 'state', { init: 'poison' }),
      input('B', 'bc'),
      input('C', 'bc', map),
      spec('weights', [channels * (dstate + 2)], 'state', { init: 'poison' }),
      input('A', 'weights'),
      ...(hasD ? [input('D', 'weights', channels * dstate)] : []),
      ...(hasDtBias ? [input('dt_bias', 'weights', channels * (dstate + 1))] : []),
      spec('unused', [1], 'scratch', { init: 'zero' }),
      spec('new_state', state, 'output', { within: { buffer: 'state', at: 0 } }),
      spec(
        'out',
        axes.x.map((axis) => config[axis]),
        'output',
        { init: 'poison' },
      ),
    ],
    passes: [
      updatePass(config, {
        x: 'x',
        dt: 'dt',
        z: hasZ ? 'z' : 'unused',
        bc: 'bc',
        weights: 'weights',
        state: 'state',
        out: 'out',
      }),
    ],
    idempotent: false,
  };
}
