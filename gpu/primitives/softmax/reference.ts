// Softmax by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { SoftmaxConfig } from './config.ts';

/** out[r, c] = exp(x[r, c]) / Σ over i of exp(x[r, i]), with the row's maximum taken off both so that no power overflows. */
export function reference({ rows, width }: SoftmaxConfig, { x }: Record<string, Tensor>): { out: ReferenceTensor } {
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
