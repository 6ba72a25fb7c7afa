// Windows of a picture as rows, by definition.

import type { ReferenceTensor } from '../../core/tensor.ts';

export interface PatchesConfig {
  /** Pictures. */
  batch: number;
  /** Planes of x. */
  planes: number;
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
  /** Rows and columns of a window. */
  patch: number;
  /** Cells from one window to the next; as many as a window has where absent. */
  stride?: number;
  /** Cells of zeros around the picture. */
  padding: number;
}

/** The windows of a config, as those of other kinds are said. */
export const windowsOf = ({ patch, stride = patch, padding }: PatchesConfig) => ({ kernel: patch, stride, padding });

/** out[(i, j), (c, a, b)] = x[c, i · stride − padding + a, j · stride − padding + b], 0 past the edges. */
export function reference(
  config: PatchesConfig,
  inputs: Readonly<Record<string, { data: ArrayLike<number> }>>,
): { out: ReferenceTensor } {
  const { batch, planes, height, width, patch, padding, stride = patch } = config;
  const x = inputs.x!.data;
  const rows: number[][] = [];
  for (let b = 0; b < batch; b++) {
    for (let top = -padding; top + patch <= height + padding; top += stride) {
      for (let left = -padding; left + patch <= width + padding; left += stride) {
        const row: number[] = [];
        for (let c = 0; c < planes; c++) {
          for (let i = top; i < top + patch; i++) {
            for (let j = left; j < left + patch; j++) {
              const isThere = i >= 0 && i < height && j >= 0 && j < width;
              row.push(isThere ? x[((b * planes + c) * height + i) * width + j]! : 0);
            }
          }
        }
        rows.push(row);
      }
    }
  }
  const shape = [batch, rows.length / batch, planes * patch * patch];
  return { out: { shape, data: Float64Array.from(rows.flat()) } };
}
