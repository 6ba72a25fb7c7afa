// A convolution over pictures by its definition, in float64: a sum over every cell of the window that is there.

import type { ReferenceTensor } from '../../core/tensor.ts';
import { type Windows, windowsAlong } from './windows.ts';

export interface Conv2dConfig extends Windows {
  /** Pictures. */
  batch: number;
  /** Planes of x: colours, or what a convolution before made. */
  planes: number;
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
  /** Planes of out: filters. */
  outPlanes: number;
  activation: 'relu' | 'none';
}

/** out[o, i, j] = act(Σ_c Σ_a Σ_b weight[o, c, a, b] · x[c, i · stride − padding + a, j · stride − padding + b]). */
export function reference(
  config: Conv2dConfig,
  inputs: Readonly<Record<string, { data: ArrayLike<number> }>>,
): { out: ReferenceTensor } {
  const { batch, planes, height, width, outPlanes, kernel, stride, padding, activation } = config;
  const { x, weight } = inputs as Record<'x' | 'weight', { data: ArrayLike<number> }>;
  const [rows, columns] = [windowsAlong(height, config), windowsAlong(width, config)];
  const at = (b: number, c: number, row: number, column: number) =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : x.data[((b * planes + c) * height + row) * width + column]!;
  const data = new Float64Array(batch * outPlanes * rows * columns);
  for (let index = 0; index < data.length; index++) {
    const j = index % columns;
    const i = Math.floor(index / columns) % rows;
    const o = Math.floor(index / (columns * rows)) % outPlanes;
    const b = Math.floor(index / (columns * rows * outPlanes));
    let sum = 0;
    for (let tap = 0; tap < planes * kernel * kernel; tap++) {
      const [c, a, k] = [Math.floor(tap / kernel ** 2), Math.floor(tap / kernel) % kernel, tap % kernel];
      sum +=
        weight.data[o * planes * kernel ** 2 + tap]! * at(b, c, i * stride - padding + a, j * stride - padding + k);
    }
    data[index] = activation === 'relu' ? Math.max(0, sum) : sum;
  }
  return { out: { shape: [batch, outPlanes, rows, columns], data } };
}
