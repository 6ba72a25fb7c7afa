// The mean of rows by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface RowMeanConfig {
  /** Sequences. */
  batch: number;
  /** Rows of a sequence. */
  tokens: number;
  /** Columns. */
  width: number;
  /** Rows have weights. */
  hasWeights: boolean;
}

/** out[c] = Σ_t weights[t] · x[t, c], or Σ_t x[t, c] / tokens. */
export function reference(
  { batch, tokens, width, hasWeights }: RowMeanConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const data = new Float64Array(batch * width);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < tokens; t++) {
      const weight = hasWeights ? inputs.weights!.data[b * tokens + t]! : 1 / tokens;
      for (let c = 0; c < width; c++) data[b * width + c]! += weight * inputs.x!.data[(b * tokens + t) * width + c]!;
    }
  }
  return { out: { shape: [batch, width], data } };
}
