// A linear map and what follows it by their definitions, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export const ACTIVATIONS = ['none', 'relu', 'relu2', 'gelu', 'gelu-tanh', 'silu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export interface LinearConfig {
  /** Rows of x. */
  rows: number;
  /** Columns of x. */
  k: number;
  /** Columns of y, rows of the weight. */
  n: number;
  activation: Activation;
  bias: boolean;
  gate: boolean;
  residual: boolean;
  /** Of the kernel `tiled`. */
  tile: number;
  rowsPerLane: number;
  /** Of the kernel `row`. */
  lanes: number;
  team: number;
}

/** erf by its Maclaurin series where that converges fast, by the continued fraction of erfc beyond. Source: DLMF 7.6.1 and 7.9.1. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 200; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let tail = size;
  for (let n = 80; n > 0; n--) tail = size + n / 2 / tail;
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * tail));
}

export const activations: Record<Activation, (x: number) => number> = {
  none: (x) => x,
  relu: (x) => Math.max(0, x),
  relu2: (x) => Math.max(0, x) ** 2,
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  'gelu-tanh': (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
};

/** y = activation(x Wᵀ + bias) · gate + residual. */
export function reference(config: LinearConfig, inputs: Record<string, Pick<Tensor, 'data'>>): { y: ReferenceTensor } {
  const { rows, k, n, activation, bias, gate, residual } = config;
  const { x, weight } = inputs as Record<string, Tensor>;
  const data = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < n; column++) {
      let sum = bias ? inputs.bias!.data[column]! : 0;
      for (let i = 0; i < k; i++) sum += x!.data[row * k + i]! * weight!.data[column * k + i]!;
      const at = row * n + column;
      const factor = gate ? inputs.gate!.data[at]! : 1;
      data[at] = activations[activation](sum) * factor + (residual ? inputs.residual!.data[at]! : 0);
    }
  }
  return { y: { shape: [rows, n], data } };
}
