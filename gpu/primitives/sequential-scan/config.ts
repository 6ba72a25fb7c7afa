// Config of the selective scan (S6), shared by the fused kernel here and by every variant of the mechanism `selective-scan`.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

/** States a channel may have: the kernels keep them in 8 named registers of four. */
export const MAX_STATES = 32;

const size = z.optional(z.int().check(z.gte(1)));
/** constant: [dim, dstate]. time: [batch, dstate, seqlen]. grouped: [batch, groups, dstate, seqlen]. */
const form = z.optional(z.enum(['constant', 'time', 'grouped']));

export const schema = z.strictObject({
  /** Sequences. */
  batch: size,
  /** Channels. */
  dim: size,
  /** States per channel. */
  dstate: z.optional(z.int().check(z.gte(1), z.lte(MAX_STATES))),
  /** Time steps. */
  seqlen: size,
  /** Groups of channels that share B and C. */
  groups: size,
  /** What B depends on. */
  bForm: form,
  /** What C depends on. */
  cForm: form,
  /** Skip connection D u; by default when D is given. */
  hasD: z.optional(z.boolean()),
  /** Gate silu(z); by default when z is given. */
  hasZ: z.optional(z.boolean()),
  /** `delta_bias`; by default when it is given. */
  hasDeltaBias: z.optional(z.boolean()),
  /** Δ = softplus(delta + delta_bias). */
  deltaSoftplus: z._default(z.boolean(), true),
  /** B̄ = Δ B as the published code has it, or the exact zero-order hold of the paper. */
  discretization: z._default(z.enum(['euler', 'zoh']), 'euler'),
  /** S4: delta, B and C are held at their mean over time. */
  mode: z._default(z.enum(['s6', 's4']), 's6'),
  /** Time steps per chunk of the chunked scan. */
  chunk: z._default(z.int().check(z.gte(1)), 64),
  /** Time steps per workgroup of the parallel scans. */
  scan: z._default(z.literal([8, 16, 32, 64, 128, 256]), 64),
  /** Channels per workgroup; B and C are read once for all of them. */
  channels: z._default(z.literal([4, 8, 16, 32, 64]), 32),
  /** Time steps of B and C that are staged at once. */
  time: z._default(z.literal([8, 16, 32]), 32),
  /**
   * What seeded inputs are: noise, streams of selective copying (dim symbols, dstate tokens to remember), the setting of theorem 1
   * (A = −1, B = C = 1: a gate), or rates A that go down to 0.
   */
  task: z._default(z.enum(['none', 'selective-copy', 'gate', 'slow-states']), 'none'),
  /** A numerical mistake in one kernel of the variant `unfused` of `selective-scan`; no other variant has one. */
  trap: z._default(z.enum(['none', 'quotient', 'guarded-quotient', 'first-order', 'naive-hold']), 'none'),
  /** Also return the last state. */
  lastState: z._default(z.boolean(), true),
});

export type Form = 'constant' | 'time' | 'grouped';

export type ScanConfig = Required<z.infer<typeof schema>>;

const FORMS: Record<number, Form> = { 2: 'constant', 3: 'time', 4: 'grouped' };

/** Axes of B or C by form. */
export const FORM_AXES = {
  constant: ['dim', 'dstate'],
  time: ['batch', 'dstate', 'seqlen'],
  grouped: ['batch', 'groups', 'dstate', 'seqlen'],
} as const satisfies Record<Form, readonly string[]>;

function formOf(name: string, key: Form | undefined, given: Tensor | undefined): Form {
  if (!given) return key ?? 'time';
  const rank = given.shape.length;
  const form = FORMS[rank];
  if (!form) {
    const message = `${name} has ${rank} axes; it needs [dim, dstate], [batch, dstate, seqlen] or [batch, groups, dstate, seqlen]`;
    throw new EngineError('shape-mismatch', message, {
      field: name,
      value: given.shape,
      limit: Object.values(FORM_AXES),
    });
  }
  if (key && key !== form) {
    throw new EngineError('shape-mismatch', `${name} is ${form}, the config says ${key}`, {
      field: name,
      value: form,
      limit: key,
    });
  }
  return form;
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): ScanConfig {
  const { batch, dim, dstate, seqlen, groups, ...rest } = parseConfig(schema, raw);
  const bForm = formOf('B', rest.bForm, inputs?.B);
  const cForm = formOf('C', rest.cForm, inputs?.C);
  const optional = (flag: boolean | undefined, name: string) =>
    flag ?? (inputs ? inputs[name] !== undefined : rest.task === 'none');
  const hasD = optional(rest.hasD, 'D');
  const hasZ = optional(rest.hasZ, 'z');
  const hasDeltaBias = optional(rest.hasDeltaBias, 'delta_bias');
  const grouped = bForm === 'grouped' || cForm === 'grouped';
  const signal = ['batch', 'dim', 'seqlen'] as const;
  const sizes = resolveSizes({ batch, dim, dstate, seqlen, groups: grouped ? groups : 1 }, inputs, {
    u: signal,
    delta: signal,
    A: ['dim', 'dstate'],
    B: FORM_AXES[bForm],
    C: FORM_AXES[cForm],
    ...(hasD && { D: ['dim'] as const }),
    ...(hasZ && { z: signal }),
    ...(hasDeltaBias && { delta_bias: ['dim'] as const }),
  });
  if (sizes.dstate > MAX_STATES) {
    const message = `dstate is ${sizes.dstate}; the kernels hold at most ${MAX_STATES} states of a channel in registers`;
    throw new EngineError('bad-config', message, { field: 'dstate', value: sizes.dstate, limit: MAX_STATES });
  }
  if (sizes.dim % sizes.groups !== 0) {
    const message = `groups must divide dim = ${sizes.dim}`;
    throw new EngineError('bad-config', message, { field: 'groups', value: sizes.groups, limit: sizes.dim });
  }
  return { ...rest, ...sizes, bForm, cForm, hasD, hasZ, hasDeltaBias };
}
