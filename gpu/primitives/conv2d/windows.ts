// Windows that walk over a picture: how many there are, and how many of their cells lie in it.

import { EngineError } from '../../core/errors.ts';

/** Of a convolution, a pooling or a cut into patches. */
export interface Windows {
  /** Rows and columns of a window. */
  kernel: number;
  /** Cells from one window to the next. */
  stride: number;
  /** Cells around the picture that windows may reach into. */
  padding: number;
}

/** Windows along an axis of `extent` cells. */
export const windowsAlong = (extent: number, { kernel, stride, padding }: Windows): number =>
  Math.floor((extent + 2 * padding - kernel) / stride) + 1;

/** Cells of all windows along an axis that lie in the picture. */
export function cellsAlong(extent: number, windows: Windows): number {
  const { kernel, stride, padding } = windows;
  let cells = 0;
  for (let i = 0; i < windowsAlong(extent, windows); i++) {
    const first = i * stride - padding;
    cells += Math.min(extent, first + kernel) - Math.max(0, first);
  }
  return cells;
}

/**
 * @param field the config key that holds the size of a window
 * @throws EngineError bad-config where a window could lie outside of the picture, or none fits
 */
export function requireWindows(
  windows: Windows,
  { height, width }: { height: number; width: number },
  field = 'kernel',
): void {
  const { kernel, padding } = windows;
  if (padding >= kernel) {
    const message = `${padding} cells around the picture: a window of ${kernel} could lie outside of it`;
    throw new EngineError('bad-config', message, { field: 'padding', value: padding, limit: kernel - 1 });
  }
  const most = Math.min(height, width) + 2 * padding;
  if (kernel > most) {
    const message = `a window of ${kernel} does not fit into ${height} × ${width} with ${padding} around it`;
    throw new EngineError('bad-config', message, { field, value: kernel, limit: most });
  }
}
