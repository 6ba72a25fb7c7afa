// SeqPool by its definition, in float64.

import type { ReferenceTensor } from '../../core/tensor.ts';

export interface SeqPoolConfig {
  /** Sequences. */
  batch: number;
  /** Rows of a sequence. */
  tokens: number;
  /** Columns. */
  width: number;
  hasBias: boolean;
}

/** scores = x · weight + bias, weights = softmax over the rows of a sequence, out = Σ_t weights[t] · x[t]. */
export function reference(
  { batch, tokens, width, hasBias }: SeqPoolConfig,
  inputs: Readonly<Record<string, { data: ArrayLike<number> }>>,
): Record<'scores' | 'weights' | 'out', ReferenceTensor> {
  const { x, weight } = inputs as Record<'x' | 'weight', { data: ArrayLike<number> }>;
  const rowOf = (b: number, t: number) =>
    Array.from({ length: width }, (_, c) => x.data[(b * tokens + t) * width + c]!);
  const scores = new Float64Array(batch * tokens);
  const weights = new Float64Array(batch * tokens);
  const out = new Float64Array(batch * width);
  for (let b = 0; b < batch; b++) {
    const mine = scores.subarray(b * tokens, (b + 1) * tokens);
    for (let t = 0; t < tokens; t++) {
      mine[t] = hasBias ? inputs.bias!.data[0]! : 0;
      for (const [c, value] of rowOf(b, t).entries()) mine[t]! += value * weight.data[c]!;
    }
    const largest = Math.max(...mine);
    const total = mine.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    for (const [t, score] of mine.entries()) {
      const share = Math.exp(score - largest) / total;
      weights[b * tokens + t] = share;
      for (const [c, value] of rowOf(b, t).entries()) out[b * width + c]! += share * value;
    }
  }
  return {
    scores: { shape: [batch, tokens], data: scores },
    weights: { shape: [batch, tokens], data: weights },
    out: { shape: [batch, width], data: out },
  };
}
