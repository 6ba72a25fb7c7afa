// Config of `ssd`. Two forms of input: minimal (X already scaled by Δ, A the log decay of every step) and combined (x, dt, A per
// head, with D, z and dt_bias).

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Which tensors are given; by default minimal. */
  form: z.optional(z.enum(['minimal', 'combined'])),
  /** Sequences. */
  batch: size,
  /** Time steps. */
  seqlen: size,
  /** Heads. */
  heads: size,
  /** Channels of a head, P. */
  headDim: size,
  /** Groups of heads that share B and C; of the minimal form, one a head. */
  groups: size,
  /** States per channel, N. */
  dstate: size,
  /** Time steps per chunk. */
  chunk: z._default(z.int().check(z.gte(1)), 64),
  /** How the decay between two steps of a chunk is made: a sum of its own from step to step, or a difference of running sums. */
  decaySum: z._default(z.enum(['direct', 'running']), 'direct'),
  /** What seeded inputs are: gentle decays throughout, or one step in eight that wipes the state out (a document's end, say). */
  task: z._default(z.enum(['none', 'resets']), 'none'),
  /** Δ = softplus(dt + dt_bias). */
  dtSoftplus: z._default(z.boolean(), true),
  /** Skip connection; by default when D is given. */
  hasD: z.optional(z.boolean()),
  /** Gate; by default when z is given. */
  hasZ: z.optional(z.boolean()),
  /** `dt_bias`; by default when it is given. */
  hasDtBias: z.optional(z.boolean()),
  /** `initial_states`; by default when they are given. */
  hasInitialStates: z.optional(z.boolean()),
});

export type SsdConfig = Required<z.infer<typeof schema>>;

/** Axes of every tensor of a form. */
export const AXES = {
  minimal: {
    X: ['batch', 'seqlen', 'heads', 'headDim'],
    A: ['batch', 'seqlen', 'heads'],
    B: ['batch', 'seqlen', 'heads', 'dstate'],
    C: ['batch', 'seqlen', 'heads', 'dstate'],
    initial_states: ['batch', 'heads', 'headDim', 'dstate'],
  },
  combined: {
    x: ['batch', 'seqlen', 'heads', 'headDim'],
    dt: ['batch', 'seqlen', 'heads'],
    A: ['heads'],
    B: ['batch', 'seqlen', 'groups', 'dstate'],
    C: ['batch', 'seqlen', 'groups', 'dstate'],
    D: ['heads'],
    z: ['batch', 'seqlen', 'heads', 'headDim'],
    dt_bias: ['heads'],
    initial_states: ['batch', 'heads', 'headDim', 'dstate'],
  },
} as const;

type Size = 'batch' | 'seqlen' | 'heads' | 'headDim' | 'groups' | 'dstate';

/** Names of the tensors that a config takes, with their axes. */
export function tensorsOf(config: Pick<SsdConfig, 'form' | 'hasD' | 'hasZ' | 'hasDtBias' | 'hasInitialStates'>) {
  const absent: Record<string, boolean> = {
    D: !config.hasD,
    z: !config.hasZ,
    dt_bias: !config.hasDtBias,
    initial_states: !config.hasInitialStates,
  };
  const axes: Record<string, readonly Size[]> = AXES[config.form];
  return Object.fromEntries(Object.entries(axes).filter(([name]) => !absent[name]));
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): SsdConfig {
  const { batch, seqlen, heads, headDim, groups, dstate, ...rest } = parseConfig(schema, raw);
  const form = rest.form ?? (inputs && (inputs.x || inputs.dt) ? 'combined' : 'minimal');
  const combined = form === 'combined';
  const optional = (flag: boolean | undefined, name: string) =>
    combined && (flag ?? (inputs ? inputs[name] !== undefined : true));
  const flags = {
    form,
    hasD: optional(rest.hasD, 'D'),
    hasZ: optional(rest.hasZ, 'z'),
    hasDtBias: optional(rest.hasDtBias, 'dt_bias'),
    hasInitialStates: rest.hasInitialStates ?? inputs?.initial_states !== undefined,
  } as const;
  const sizes = resolveSizes<Size>(
    { batch, seqlen, heads, headDim, groups: combined ? groups : (groups ?? 1), dstate },
    inputs,
    tensorsOf(flags),
  );
  if (!combined) sizes.groups = sizes.heads;
  if (sizes.heads % sizes.groups !== 0) {
    const message = `groups must divide heads = ${sizes.heads}`;
    throw new EngineError('bad-config', message, { field: 'groups', value: sizes.groups, limit: sizes.heads });
  }
  return { ...rest, ...flags, ...sizes };
}
