// Running sums by their definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { PrefixScanConfig } from './config.ts';

/** y[t, c] = Σ over i ≤ t of x[i, c]. */
export function reference(config: PrefixScanConfig, { x }: Record<string, Tensor>): { y: ReferenceTensor } {
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
