// Layer normalisation by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface LayernormConfig {
  /** Rows of x. */
  rows: number;
  /** Elements per row. */
  width: number;
  /** Added to the variance. */
  epsilon: number;
  /** Invocations that share a row. */
  lanes: number;
  /** Values for the `@tune` constants of the kernel per-row; its own where absent. */
  tuning?: Record<string, number>;
}

/** out[r] = (x[r] − mean) / √(mean squared deviation + epsilon) · scale + bias. */
export function reference(
  config: LayernormConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const { rows, width, epsilon } = config;
  const { x, scale, bias } = inputs as Record<'x' | 'scale' | 'bias', Tensor>;
  const data = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const row = Array.from(x.data.subarray(r * width, (r + 1) * width));
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (const [c, value] of row.entries()) {
      data[r * width + c] = ((value - mean) / Math.sqrt(variance + epsilon)) * scale.data[c]! + bias.data[c]!;
    }
  }
  return { out: { shape: [rows, width], data } };
}
