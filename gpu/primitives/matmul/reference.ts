// The product by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { KernelForm, Tuning } from '../../plan/kernel-form.ts';

export interface MatmulConfig {
  /** Rows of a and c. */
  m: number;
  /** Columns of a, rows of b. */
  k: number;
  /** Columns of b and c. */
  n: number;
  /** Add a bias to every row. */
  bias: boolean;
  /** Columns per tile and depth per step. */
  tile: number;
  /** Rows of c per invocation; a tile has tile × rowsPerLane rows. */
  rowsPerLane: number;
  /** Which kernel the variant `tuned` runs; by the adapter when absent or 'auto'. */
  form?: KernelForm | 'auto';
  /** Values for the `@tune` constants of that kernel; its own where absent. */
  tuning?: Tuning;
}

/** c[i, j] = Σ over l of a[i, l] b[l, j], plus bias[j]. */
export function reference(config: MatmulConfig, inputs: Record<string, Pick<Tensor, 'data'>>): { c: ReferenceTensor } {
  const { m, k, n } = config;
  const { a, b, bias } = inputs as { a: Tensor; b: Tensor; bias?: Tensor };
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a.data[i * k + l]! * b.data[l * n + j]!;
      c[i * n + j] = sum + (config.bias ? bias!.data[j]! : 0);
    }
  }
  return { c: { shape: [m, n], data: c } };
}
