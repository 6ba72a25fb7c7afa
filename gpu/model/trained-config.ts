// A model as data, the `model` of a trained one's manifest: tokens, positions, blocks, readout. One block is one residual part with its
// own norm, x += f(norm(x)); `cct` alone is a whole layer, since its second residual starts from the normalised stream.

import { z } from '../core/schema.ts';
import { count } from './manifest-file.ts';

const vocabulary = count;
const norm = z.enum(['layer', 'rms']);
const place = z.literal('pre');

const convolution = z.strictObject({
  channels: count,
  kernel: count,
  stride: count,
  padding: z.int().check(z.gte(0)),
  /** Max pooling after ReLU: window, stride, padding. */
  pool: count,
  poolStride: count,
  poolPadding: z.int().check(z.gte(0)),
});

const tokens = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('characters'), vocabulary }),
  z.strictObject({ kind: z.literal('bytes'), vocabulary }),
  z.strictObject({ kind: z.literal('patches'), size: count, patch: count, channels: count }),
  z.strictObject({ kind: z.literal('image'), size: count, channels: count, convs: z.array(convolution) }),
]);

const positions = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['none', 'learned', 'sinusoidal', 'alibi']) }),
  z.strictObject({ kind: z.literal('rope'), layout: z.literal('half'), theta: z.number().check(z.positive()) }),
]);

const block = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attention'),
    norm,
    place,
    heads: count,
    kvHeads: count,
    headDim: count,
    causal: z.boolean(),
    bias: z.boolean(),
    /** Taps of the causal convolution over q, k and v each; 0 is none. */
    qkvConv: z.union([z.literal(0), z.literal(3)]),
  }),
  z.strictObject({
    kind: z.literal('mlp'),
    norm,
    place,
    hidden: count,
    activation: z.enum(['relu', 'relu2', 'gelu', 'gelu-tanh', 'swiglu']),
    bias: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('moe'),
    norm,
    place,
    experts: count,
    topK: count,
    hidden: count,
    renormalise: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('mamba'), norm, place, inner: count, states: count, conv: count, dtRank: count }),
  z.strictObject({
    kind: z.literal('mamba2'),
    norm,
    place,
    inner: count,
    heads: count,
    headDim: count,
    states: count,
    conv: count,
    groups: z.literal(1),
  }),
  z.strictObject({ kind: z.literal('cct'), heads: count, hidden: count }),
]);

const readout = z.strictObject({
  kind: z.enum(['next-token', 'class-token', 'seqpool', 'mean']),
  norm: z.enum(['layer', 'rms', 'none']),
  classes: z.optional(count),
  tied: z.boolean(),
});

export const trainedConfig = z.strictObject({
  tokens,
  width: count,
  positions,
  blocks: z.array(block).check(z.minLength(1), z.maxLength(64)),
  readout,
  /** Added to the variance, or to the mean square, before its root is taken; the same in every norm. */
  normEpsilon: z.number().check(z.positive()),
  /** The most rows that a forward pass may have, and the rows of the table of learned positions. */
  context: count,
});

export type TrainedConfig = z.infer<typeof trainedConfig>;
