// Config of `causal-conv1d`: the convolution over a sequence, or (`step`) of a decode step against kept inputs.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Sequences. */
  batch: size,
  /** Channels. */
  dim: size,
  /** Time steps; of a decode step, the new ones. */
  seqlen: size,
  /** Taps of the filter. */
  width: size,
  /** Inputs kept per channel by a decode step; width − 1 by default. */
  stateLen: z.optional(z.int().check(z.gte(0))),
  /** What is applied to the output. */
  activation: z._default(z.enum(['silu', 'none']), 'silu'),
  /** Bias; by default when it is given. */
  hasBias: z.optional(z.boolean()),
  /** Inputs before the start; by default when they are given. */
  hasInitialStates: z.optional(z.boolean()),
  /** A decode step against conv_state; by default when it is given. */
  step: z.optional(z.boolean()),
  /** Conv_state is a ring; by default when cache_seqlens is given. */
  circular: z.optional(z.boolean()),
});

export type ConvConfig = Required<z.infer<typeof schema>>;

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): ConvConfig {
  const { batch, dim, seqlen, width, stateLen, ...rest } = parseConfig(schema, raw);
  const hasBias = rest.hasBias ?? (inputs ? inputs.bias !== undefined : true);
  const hasInitialStates = rest.hasInitialStates ?? inputs?.initial_states !== undefined;
  const step = rest.step ?? inputs?.conv_state !== undefined;
  const circular = rest.circular ?? inputs?.cache_seqlens !== undefined;
  const sizes = resolveSizes({ batch, dim, seqlen, width }, inputs, {
    x: ['batch', 'dim', 'seqlen'],
    weight: ['dim', 'width'],
    ...(hasBias && { bias: ['dim'] as const }),
    ...(circular && { cache_seqlens: ['batch'] as const }),
  });
  const kept = sizes.width - 1;
  requireShape('initial_states', inputs?.initial_states, [sizes.batch, sizes.dim, kept]);
  const length = stateLen ?? inputs?.conv_state?.shape[2] ?? kept;
  requireShape('conv_state', inputs?.conv_state, [sizes.batch, sizes.dim, length]);
  if (length < kept) {
    const message = `conv_state keeps ${length} inputs; a filter of width ${sizes.width} needs ${kept}`;
    throw new EngineError('bad-config', message, { field: 'stateLen', value: length, limit: kept });
  }
  if (circular && length === 0) {
    throw new EngineError('bad-config', 'a ring needs at least one place', { field: 'stateLen', value: 0, limit: 1 });
  }
  return { ...rest, ...sizes, stateLen: length, hasBias, hasInitialStates, step, circular };
}

function requireShape(name: string, given: Tensor | undefined, shape: number[]): void {
  if (!given || given.shape.join() === shape.join()) return;
  const message = `${name} has the shape [${given.shape.join(', ')}], not [${shape.join(', ')}]`;
  throw new EngineError('shape-mismatch', message, { field: name, value: given.shape, limit: shape });
}
