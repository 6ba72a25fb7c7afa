// Max pooling by its definition, in float64.

import type { ReferenceTensor } from '../../core/tensor.ts';
import { type Windows, windowsAlong } from '../conv2d/windows.ts';

export interface MaxPoolConfig extends Windows {
  /** Pictures. */
  batch: number;
  /** Planes of x and out. */
  planes: number;
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
}

/** out[c, i, j] = the largest cell of its window that is there. */
export function reference(
  config: MaxPoolConfig,
  inputs: Readonly<Record<string, { data: ArrayLike<number> }>>,
): { out: ReferenceTensor } {
  const { batch, planes, height, width, kernel, stride, padding } = config;
  const x = inputs.x!.data;
  const [rows, columns] = [windowsAlong(height, config), windowsAlong(width, config)];
  const data: number[] = [];
  for (let plane = 0; plane < batch * planes; plane++) {
    const cells = Array.from({ length: height * width }, (_, cell) => x[plane * height * width + cell]!);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const isSeen = (at: number, start: number) => at >= start - padding && at < start - padding + kernel;
        const seen = cells.filter(
          (_, cell) => isSeen(Math.floor(cell / width), i * stride) && isSeen(cell % width, j * stride),
        );
        data.push(Math.max(...seen));
      }
    }
  }
  return { out: { shape: [batch, planes, rows, columns], data: Float64Array.from(data) } };
}
