// Running sums by their definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface PrefixScanConfig {
  /** Rows of x, the axis that is summed along. */
  length: number;
  /** Columns of x. */
  channels: number;
  /** Values for the `@tune` constants of the kernel; its own where absent. */
  tuning?: Record<string, number>;
}

/** y[t, c] = Σ over i ≤ t of x[i, c]. */
export function reference(
  config: PrefixScanConfig,
  { x }: Record<string, Pick<Tensor, 'data'>>,
): { y: ReferenceTensor } {
  const { length, channels } = config;
  const data = new Float64Array(length * channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let t = 0; t < length; t++) {
      sum += x!.data[t * channels + c]!;
      data[t * channels + c] = sum;
    }
  }
  return { y: { shape: [length, channels], data } };
}
