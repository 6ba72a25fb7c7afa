// Config of the model `sentence-encoder`. Normally empty but for what the manifest says (heads, normEpsilon): the sizes follow
// from the weights and the token ids.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

/**
 * Longest text, in tokens. The package itself drops everything from token 129 on (manifest: clipTokens); the timing signal is
 * defined further, so longer texts run, but the weights were never used that way.
 */
export const MAX_TOKENS = 512;

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Tokens. */
  n: size,
  /** Rows of the embedding. */
  vocabularySize: size,
  /** Numbers per token. */
  width: size,
  /** Attention heads. */
  heads: z._default(z.int().check(z.gte(1)), 4),
  /** Numbers per token and head. */
  headDim: size,
  /** Added to the variance in the layer norm. */
  normEpsilon: z._default(z.number().check(z.positive()), 1e-6),
});

export type EncoderConfig = Required<z.infer<typeof schema>>;

const AXES = {
  ids: ['n'],
  embedding: ['vocabularySize', 'width'],
  norm_scale: ['width'],
  norm_bias: ['width'],
  w_q: ['width', 'inner'],
  b_q: ['inner'],
  w_k: ['width', 'inner'],
  b_k: ['inner'],
  w_v: ['width', 'inner'],
  b_v: ['inner'],
} as const;

/** @throws EngineError bad-config, shape-mismatch, limit-exceeded (more than MAX_TOKENS tokens) */
export function resolve(raw: object, inputs?: Record<string, Tensor>): EncoderConfig {
  const { n, vocabularySize, width, headDim, ...rest } = parseConfig(schema, raw);
  const { heads } = rest;
  if (inputs?.ids?.shape[0] === 0) {
    throw new EngineError('bad-input', 'the text has no tokens', { field: 'ids', value: 0, limit: 1 });
  }
  const inner = headDim === undefined ? undefined : heads * headDim;
  // Sizes are asked for by their keys; `inner` is none.
  if (inner === undefined && !Object.keys(inputs ?? {}).some((name) => /^[wb]_[qkv]$/.test(name))) {
    throw new EngineError('bad-config', 'headDim is not known: give it or w_q, w_k, w_v', { field: 'headDim' });
  }
  const sizes = resolveSizes({ n, vocabularySize, width, inner }, inputs, AXES);
  if (sizes.inner % heads !== 0) {
    const message = `${sizes.inner} columns of w_q cannot be shared by ${heads} heads`;
    throw new EngineError('shape-mismatch', message, { field: 'heads', value: heads, limit: sizes.inner });
  }
  if (sizes.n > MAX_TOKENS) {
    const message = `The text has ${sizes.n.toLocaleString('en')} tokens; at most ${MAX_TOKENS} can be read`;
    throw new EngineError('limit-exceeded', message, { field: 'n', value: sizes.n, limit: MAX_TOKENS });
  }
  const { inner: columns, ...named } = sizes;
  return { ...rest, ...named, headDim: columns / heads };
}
