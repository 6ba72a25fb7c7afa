// The candidates of a kernel's constants: medians with their intervals on one scale from zero, the picked one by shape and word. Drawing
// only.

import { nice, ticks } from 'd3-array';
import type { Pen } from '../pens/pen.ts';
import { timeText } from '../words/quantities.ts';
import type { TuningRow } from './tuning-words.ts';

const HEAD = 20;
const ROW = 20;
const AXIS = 22;
/** Width of a character of a label, and of the words beside a row, CSS pixels. */
const CHARACTER = 6.8;
const WORDS = 116;

/** Height the plot needs for `rows`. */
export const tuningPlotHeight = (rows: number) => HEAD + rows * ROW + AXIS;

/** @param heading names of the constants, in the order of the rows' labels */
export function drawTuning(pen: Pen, heading: string, rows: readonly TuningRow[]): void {
  if (rows.length === 0) return;
  const left = Math.max(heading.length, ...rows.map(({ label }) => label.length)) * CHARACTER + 14;
  const right = Math.max(left + 40, pen.width - WORDS - 8);
  // Zero is always on the scale: lengths of time are compared. A round that something else disturbed may reach beyond its other end.
  const ends = Math.max(...rows.map(({ measurement }) => measurement.ci95Ms[1]));
  const medians = Math.max(...rows.map(({ measurement }) => measurement.medianMs));
  const [, most] = nice(0, Math.min(ends, 2 * medians) || 1, 4) as [number, number];
  const x = (value: number) => left + ((right - left) * value) / most;
  const bottom = HEAD + rows.length * ROW;
  pen.text(0, HEAD / 2, heading, '--ink-2', { size: 11, mono: true });
  for (const tick of ticks(0, most, Math.max(1, Math.floor((right - left) / 70)))) {
    pen.line([x(tick), HEAD, x(tick), bottom], '--line', 1);
    pen.text(x(tick), bottom + 11, timeText(tick), '--ink-2', { size: 11, align: 'center' });
  }
  rows.forEach(({ label, measurement, standing, words }, i) => {
    const y = HEAD + (i + 0.5) * ROW;
    const picked = standing === 'picked';
    const ink = picked ? '--accent' : '--ink-2';
    pen.text(0, y, label, '--ink', { size: 11, mono: true, bold: picked });
    const [low, high] = measurement.ci95Ms;
    pen.line([x(low), y, x(Math.min(high, most)), y], ink, 2);
    for (const end of [low, high].filter((each) => each <= most)) pen.line([x(end), y - 3, x(end), y + 3], ink, 2);
    const at = x(measurement.medianMs);
    if (picked) pen.rect(at - 5, y - 5, 10, 10, '--accent');
    else if (standing === 'slower') pen.disc(at, y, 4, '--ink-2');
    else pen.disc(at, y, 4, '--surface', '--ink-2');
    pen.text(right + 10, y, words, picked ? '--ink' : '--ink-2', { size: 11, bold: picked });
  });
}
