// Medians with their intervals as dots and whiskers on one common scale. Drawing only.

import { nice, ticks } from 'd3-array';
import type { Pen } from './pen.ts';
import { timeText } from './quantities.ts';

export interface IntervalRow {
  label: string;
  samples: readonly number[];
  median: number;
  interval: readonly [number, number];
}

const LABEL = 104;
const ROW = 30;

/** Height the plot needs for `rows`. */
export const intervalHeight = (rows: number) => rows * ROW + 22;

export function drawIntervals(pen: Pen, rows: readonly IntervalRow[]): void {
  const values = rows.flatMap(({ samples, interval }) => [...samples, ...interval]);
  if (values.length === 0) return;
  const left = LABEL;
  const right = pen.width - 12;
  // Zero is always on the scale: lengths of time are compared, so the axis may not be cut.
  const [, most] = nice(0, Math.max(...values) || 1, 4) as [number, number];
  const x = (value: number) => left + ((right - left) * value) / most;
  const bottom = rows.length * ROW;
  for (const tick of ticks(0, most, Math.max(2, Math.floor((right - left) / 80)))) {
    pen.line([x(tick), 2, x(tick), bottom], '--line', 1);
    pen.text(x(tick), bottom + 11, timeText(tick), '--ink-2', { size: 11, align: 'center' });
  }
  rows.forEach((row, i) => {
    const y = (i + 0.5) * ROW;
    pen.text(0, y, row.label, '--ink', { size: 12 });
    for (const sample of row.samples) pen.disc(x(sample), y + 7, 1.5, '--line-strong');
    const [low, high] = row.interval;
    pen.line([x(low), y, x(high), y], '--accent', 2);
    pen.line([x(low), y - 4, x(low), y + 4], '--accent', 2);
    pen.line([x(high), y - 4, x(high), y + 4], '--accent', 2);
    pen.disc(x(row.median), y, 4, '--accent', '--surface');
  });
}
