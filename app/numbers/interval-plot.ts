// Medians with their intervals as dots and whiskers on one common scale. Drawing only.

import { nice, ticks } from 'd3-array';
import type { Pen } from '../pens/pen.ts';
import { timeText } from '../words/quantities.ts';

export interface IntervalRow {
  label: string;
  samples: readonly number[];
  median: number;
  interval: readonly [number, number];
}

/** Names stand on a line of their own above their interval: however long, they never run into it. */
const LABEL = 16;
const ROW = LABEL + 24;
const MARGIN = 6;
/** Half of the widest tick label. */
const EDGE = 26;

/** Height the plot needs for `rows`. */
export const intervalHeight = (rows: number) => rows * ROW + 22;

export function drawIntervals(pen: Pen, rows: readonly IntervalRow[]): void {
  const values = rows.flatMap(({ samples, interval }) => [...samples, ...interval]);
  if (values.length === 0) return;
  const left = MARGIN;
  const right = pen.width - MARGIN;
  // Zero is always on the scale: lengths of time are compared, so the axis may not be cut.
  const [, most] = nice(0, Math.max(...values) || 1, 4) as [number, number];
  const x = (value: number) => left + ((right - left) * value) / most;
  const bottom = rows.length * ROW;
  for (const tick of ticks(0, most, Math.max(2, Math.floor((right - left) / 80)))) {
    pen.line([x(tick), 2, x(tick), bottom], '--line', 1);
    // The outermost labels end with the plot instead of being cut by its edge.
    const align = tick === 0 ? 'left' : x(tick) > right - EDGE ? 'right' : 'center';
    const at = align === 'left' ? 0 : align === 'right' ? pen.width : x(tick);
    pen.text(at, bottom + 11, timeText(tick), '--ink-2', { size: 11, align });
  }
  rows.forEach((row, i) => {
    pen.text(0, i * ROW + LABEL / 2 + 1, row.label, '--ink', { size: 12 });
    const y = i * ROW + LABEL + 8;
    for (const sample of row.samples) pen.disc(x(sample), y + 7, 1.5, '--line-strong');
    const [low, high] = row.interval;
    pen.line([x(low), y, x(high), y], '--accent', 2);
    pen.line([x(low), y - 4, x(low), y + 4], '--accent', 2);
    pen.line([x(high), y - 4, x(high), y + 4], '--accent', 2);
    pen.disc(x(row.median), y, 4, '--accent', '--surface');
  });
}
