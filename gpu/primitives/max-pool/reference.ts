// Max pooling by its definition, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
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
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const { batch, planes, height, width, kernel, stride, padding } = config;
  const x = inputs.x!.data;
  const [rows, columns] = [windowsAlong(height, config), windowsAlong(width, config)];
  const data: number[] = [];
  for (let plane = 0; plane < batch * planes; plane++) {
    const cells = x.subarray(plane * height * width, (plane + 1) * height * width);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const isSeen = (at: number, start: number) => at >= start - padding && at < start - padding + kernel;
        const seen = Array.from(cells).filter(
          (_, cell) => isSeen(Math.floor(cell / width), i * stride) && isSeen(cell % width, j * stride),
        );
        data.push(Math.max(...seen));
      }
    }
  }
  return { out: { shape: [batch, planes, rows, columns], data: Float64Array.from(data) } };
}
