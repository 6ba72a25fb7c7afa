// Softmax by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface SoftmaxConfig {
  /** Rows of x. */
  rows: number;
  /** Elements per row. */
  width: number;
  /** Values for the `@tune` constants of the kernel; its own where absent. */
  tuning?: Record<string, number>;
}

/** out[r, c] = exp(x[r, c]) / Σ over i of exp(x[r, i]), with the row's maximum taken off both so that no power overflows. */
export function reference(
  { rows, width }: SoftmaxConfig,
  { x }: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const data = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const row = Array.from(x!.data.subarray(r * width, (r + 1) * width));
    const largest = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b);
    data.set(
      powers.map((power) => power / sum),
      r * width,
    );
  }
  return { out: { shape: [rows, width], data } };
}
