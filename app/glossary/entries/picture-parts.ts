// Parts of the tiny pictures on the cards of terms: paths of a 48 × 32 drawing. They are icons: no number of any run is in them.

import type { PicturePart } from '../../exhibit/terms.ts';

export type Box = [x: number, y: number, width: number, height: number];
type Cells = (row: number, column: number) => boolean;

export const box = ([x, y, width, height]: Box) => `M${x} ${y}h${width}v${height}h${-width}z`;
export const part = (tone: PicturePart['tone'], ...boxes: Box[]): PicturePart => ({ tone, d: boxes.map(box).join('') });
export const line = (d: string): PicturePart => ({ tone: 'line', d });

/** Cells of an 8 × 6 field of squares of 4, from (8, 4). */
export function field(tone: PicturePart['tone'], inside: Cells): PicturePart {
  const boxes: Box[] = [];
  for (let row = 0; row < 6; row++)
    for (let column = 0; column < 8; column++) if (inside(row, column)) boxes.push([8 + 4 * column, 4 + 4 * row, 3, 3]);
  return part(tone, ...boxes);
}

export const all = field('soft', () => true);
/** Bars that stand on the line y = 28, heights in order, from x = 6. */
export const bars = (tone: PicturePart['tone'], ...heights: number[]) =>
  part(
    tone,
    ...heights.map((height, i): Box => [6 + i * (36 / heights.length), 28 - height, 36 / heights.length - 2, height]),
  );
export const ground = line('M4 28H44');
export const rows = (tone: PicturePart['tone'], lit: number) => [
  part('soft', ...[0, 1, 2, 3].map((i): Box => [8, 4 + 6 * i, 32, 5])),
  part(tone, [8, 4 + 6 * lit, 32, 5]),
];
export const arrow = (x: number, y: number, to: number) => line(`M${x} ${y}H${to}m-3-3 3 3-3 3`);
export const threads = (count: number) =>
  line(Array.from({ length: count }, (_, i) => `M${10 + (28 / Math.max(count - 1, 1)) * i} 6v20`).join(''));
export const workgroup = line('M5 3H43V29H5z');
export const levels = (lit: 0 | 1 | 2) =>
  (
    [
      [4, 6, 18, 20],
      [25, 9, 12, 14],
      [40, 12, 5, 8],
    ] as Box[]
  ).map((each, i) => part(i === lit ? 'accent' : 'soft', each));
