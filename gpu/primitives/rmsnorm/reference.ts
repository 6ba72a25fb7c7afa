// Root-mean-square normalisation by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface RmsnormConfig {
  /** Rows of x. */
  rows: number;
  /** Elements per row. */
  width: number;
  /** Added to the mean square. */
  epsilon: number;
  /** Values for the `@tune` constants of the kernel; its own where absent. */
  tuning?: Record<string, number>;
}

/** out[r] = x[r] / √(mean square of x[r] + epsilon) · weight. */
export function reference(
  config: RmsnormConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const { rows, width, epsilon } = config;
  const { x, weight } = inputs as Record<'x' | 'weight', Tensor>;
  const data = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const row = Array.from(x.data.subarray(r * width, (r + 1) * width));
    const meanSquare = row.reduce((sum, value) => sum + value ** 2, 0) / width;
    for (const [c, value] of row.entries())
      data[r * width + c] = (value / Math.sqrt(meanSquare + epsilon)) * weight.data[c]!;
  }
  return { out: { shape: [rows, width], data } };
}
