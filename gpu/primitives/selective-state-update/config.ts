// Config of `selective-state-update`: one decode step of Mamba-1 (no heads) or Mamba-2 (heads of dim channels).

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Sequences. */
  batch: size,
  /** Heads; 0 for tensors without that axis (Mamba-1). */
  heads: z.optional(z.int().check(z.gte(0))),
  /** Channels, of a head where there are heads. */
  dim: size,
  /** States per channel. */
  dstate: size,
  /** Groups that share B and C; 0 for B and C without that axis. */
  groups: z.optional(z.int().check(z.gte(0))),
  /** Δ = softplus(dt + dt_bias). */
  dtSoftplus: z._default(z.boolean(), true),
  /** B̄ = Δ B, or the exact zero-order hold. */
  discretization: z._default(z.enum(['euler', 'zoh']), 'euler'),
  /** Skip connection; by default when D is given. */
  hasD: z.optional(z.boolean()),
  /** Gate; by default when z is given. */
  hasZ: z.optional(z.boolean()),
  /** `dt_bias`; by default when it is given. */
  hasDtBias: z.optional(z.boolean()),
});

export type UpdateConfig = Required<z.infer<typeof schema>>;

const RANKS = { x: [2, 3], B: [2, 3] } as const;

/** Whether `name` has its optional axis; the config's key, or undefined where nobody says. */
function hasAxis(name: keyof typeof RANKS, key: number | undefined, given: Tensor | undefined): boolean {
  if (!given) return (key ?? 0) > 0;
  const [without, withAxis] = RANKS[name];
  const rank = given.shape.length;
  if (rank !== without && rank !== withAxis) {
    const message = `${name} has ${rank} axes; it needs ${without} or ${withAxis}`;
    throw new EngineError('shape-mismatch', message, { field: name, value: given.shape, limit: RANKS[name] });
  }
  return rank === withAxis;
}

/** Axes of every tensor, for a config with or without heads and groups. */
export function axesOf(heads: boolean, groups: boolean) {
  const channel = heads ? (['heads', 'dim'] as const) : (['dim'] as const);
  const signal = ['batch', ...channel] as const;
  const map = groups ? (['batch', 'groups', 'dstate'] as const) : (['batch', 'dstate'] as const);
  return {
    state: [...signal, 'dstate'] as const,
    x: signal,
    dt: signal,
    A: [...channel, 'dstate'] as const,
    B: map,
    C: map,
    D: channel,
    z: signal,
    dt_bias: channel,
  };
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): UpdateConfig {
  const { batch, heads, dim, dstate, groups, ...rest } = parseConfig(schema, raw);
  const withHeads = hasAxis('x', heads, inputs?.x);
  const withGroups = hasAxis('B', groups, inputs?.B);
  const optional = (flag: boolean | undefined, name: string) => flag ?? (inputs ? inputs[name] !== undefined : true);
  const hasD = optional(rest.hasD, 'D');
  const hasZ = optional(rest.hasZ, 'z');
  const hasDtBias = optional(rest.hasDtBias, 'dt_bias');
  const { D, z: gate, dt_bias, ...required } = axesOf(withHeads, withGroups);
  const sizes = resolveSizes(
    { batch, heads: withHeads ? heads || undefined : 1, dim, dstate, groups: withGroups ? groups || undefined : 1 },
    inputs,
    { ...required, ...(hasD && { D }), ...(hasZ && { z: gate }), ...(hasDtBias && { dt_bias }) },
  );
  const shared = withHeads ? sizes.heads : sizes.dim;
  if (shared % sizes.groups !== 0) {
    const message = `groups must divide ${withHeads ? 'heads' : 'dim'} = ${shared}`;
    throw new EngineError('bad-config', message, { field: 'groups', value: sizes.groups, limit: shared });
  }
  return {
    ...rest,
    ...sizes,
    heads: withHeads ? sizes.heads : 0,
    groups: withGroups ? sizes.groups : 0,
    hasD,
    hasZ,
    hasDtBias,
  };
}
