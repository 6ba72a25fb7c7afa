// How the values of a tensor spread: a bar a bin, and where the picked element stands among them. Drawing only.

import type { Pen } from '../../pens/pen.ts';
import { textWidth } from '../../pens/pen.ts';
import { exactText, valueText } from '../../words/quantities.ts';
import { binAt, type Statistics } from './statistics.ts';

const TOP = 18;
const AXIS = 18;

/** @param picked value of the picked element, where it has one */
export function drawHistogram(pen: Pen, statistics: Statistics, picked: number | null): void {
  const { histogram, min, max } = statistics;
  const bottom = pen.height - AXIS;
  pen.line([0, bottom, pen.width, bottom], '--line-strong', 1);
  if (histogram.length === 0) {
    pen.text(pen.width / 2, bottom / 2 + TOP / 2, 'no finite values', '--ink-2', { size: 12, align: 'center' });
    return;
  }
  const most = Math.max(...histogram.map(({ count }) => count));
  const width = pen.width / histogram.length;
  const at = binAt(statistics, picked);
  histogram.forEach(({ count }, i) => {
    if (count === 0) return;
    // One element among a million still shows.
    const high = Math.max(((bottom - TOP) * count) / most, 2);
    const gap = width > 4 ? 1 : 0;
    pen.rect(i * width, bottom - high, width - gap, high, i === at ? '--accent' : '--ink-2', i === at ? 1 : 0.45);
  });
  const [first, last] = [histogram[0]!.from, histogram.at(-1)!.to];
  const x = (value: number) => (last > first ? (pen.width * (value - first)) / (last - first) : pen.width / 2);
  if (first < 0 && last > 0) pen.line([x(0), TOP, x(0), bottom + 3], '--ink-2', 1, [2, 3]);
  if (picked !== null && at >= 0) drawPicked(pen, x(picked), bottom, valueText(picked));
  const [left, right] = [valueText(min), valueText(max)];
  pen.text(0, bottom + AXIS / 2 + 1, left, '--ink-2', { size: 11, mono: true });
  if (min !== max)
    pen.text(pen.width, bottom + AXIS / 2 + 1, right, '--ink-2', { size: 11, mono: true, align: 'right' });
  // 0 by name, where it does not run into the ends.
  const room = textWidth(left, 11, { mono: true }) + 8;
  if (first < 0 && last > 0 && x(0) > room && x(0) < pen.width - textWidth(right, 11, { mono: true }) - 8)
    pen.text(x(0), bottom + AXIS / 2 + 1, '0', '--ink-2', { size: 11, mono: true, align: 'center' });
}

/** A mark by shape beside colour: a line with a disc on top and its value. */
function drawPicked(pen: Pen, x: number, bottom: number, text: string): void {
  pen.line([x, TOP - 4, x, bottom], '--ink', 1.5);
  pen.disc(x, TOP - 4, 3, '--ink');
  const onRight = x < pen.width - textWidth(text, 11, { mono: true }) - 8;
  pen.text(onRight ? x + 7 : x - 7, TOP / 2 - 1, text, '--ink', {
    size: 11,
    mono: true,
    align: onRight ? 'left' : 'right',
  });
}

/** The picture in words. */
export function histogramWords(name: string, { histogram, finite, min, max }: Statistics): string {
  if (finite === 0) return `${name}: no finite values.`;
  const top = histogram.reduce((a, b) => (b.count > a.count ? b : a));
  const span = min === max ? `all are ${valueText(min)}` : `from ${valueText(min)} to ${valueText(max)}`;
  const crowd =
    histogram.length > 1
      ? `; most, ${exactText(top.count)}, between ${valueText(top.from)} and ${valueText(top.to)}`
      : '';
  return `Histogram of ${name}: ${exactText(finite)} finite values, ${span}${crowd}.`;
}
