// The head by the definitions of what it consists of, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import { reference as pool } from '../seq-pool/reference.ts';

export interface HeadConfig {
  /** Sequences. */
  batch: number;
  /** Rows of x. */
  tokens: number;
  /** Columns. */
  width: number;
  /** What is told apart. */
  classes: number;
  /** By SeqPool, or else by a class token before the rows. */
  seqPool: boolean;
  hasPositions: boolean;
  /** Added to the variance in the norm. */
  epsilon: number;
}

/** y = LayerNorm([class_emb; x] + positional_emb); pooled = SeqPool(y), or row 0 of y; logits = pooled · fcᵀ + bias. */
export function reference(
  config: HeadConfig,
  inputs: Readonly<Record<string, Pick<Tensor, 'data'>>>,
): Record<string, ReferenceTensor> {
  const { batch, tokens, width, classes, seqPool, hasPositions, epsilon } = config;
  const rows = tokens + (seqPool ? 0 : 1);
  const at = (name: string, i: number) => inputs[name]!.data[i]!;
  const normed = new Float64Array(batch * rows * width);
  for (let row = 0; row < batch * rows; row++) {
    const [b, t] = [Math.floor(row / rows), row % rows];
    const values = Array.from({ length: width }, (_, c) => {
      const isClass = !seqPool && t === 0;
      const own = isClass ? at('class_emb', c) : at('x', (b * tokens + t - (seqPool ? 0 : 1)) * width + c);
      return own + (hasPositions ? at('positional_emb', t * width + c) : 0);
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / width;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (const [c, value] of values.entries()) {
      const unit = (value - mean) / Math.sqrt(variance + epsilon);
      normed[row * width + c] = unit * at('norm_weight', c) + at('norm_bias', c);
    }
  }
  const sizes = { batch, tokens, width, hasBias: true };
  const weighed = seqPool
    ? pool(sizes, { x: { data: normed }, weight: inputs.attention_pool_weight!, bias: inputs.attention_pool_bias! })
    : undefined;
  const first = Float64Array.from(
    { length: batch * width },
    (_, i) => normed[Math.floor(i / width) * rows * width + (i % width)]!,
  );
  const pooled = weighed?.out.data ?? first;
  const logits = Float64Array.from({ length: batch * classes }, (_, i) => {
    const [b, k] = [Math.floor(i / classes), i % classes];
    let sum = at('fc_bias', k);
    for (let c = 0; c < width; c++) sum += pooled[b * width + c]! * at('fc_weight', k * width + c);
    return sum;
  });
  return {
    normed: { shape: [batch, rows, width], data: normed },
    ...(weighed && {
      pool_logits: { shape: [batch, tokens, 1], data: weighed.scores.data },
      pool_weights: weighed.weights,
    }),
    pooled: { shape: [batch, width], data: pooled },
    logits: { shape: [batch, classes], data: logits },
  };
}
