// A tiny picture of each term's idea, as paths of a 48 × 32 drawing. They are icons: no number of any run is in them.

import type { TermId } from './terms.ts';

/** One path: drawn as a line, filled in a tensor's colour, or filled softly as what lies around it. */
export interface PicturePart {
  d: string;
  tone: 'line' | 'dash' | 'soft' | 'q' | 'k' | 'v' | 's' | 'o' | 'accent';
}

type Box = [x: number, y: number, width: number, height: number];
type Cells = (row: number, column: number) => boolean;

const box = ([x, y, width, height]: Box) => `M${x} ${y}h${width}v${height}h${-width}z`;
const part = (tone: PicturePart['tone'], ...boxes: Box[]): PicturePart => ({ tone, d: boxes.map(box).join('') });
const line = (d: string): PicturePart => ({ tone: 'line', d });

/** Cells of an 8 × 6 field of squares of 4, from (8, 4). */
function field(tone: PicturePart['tone'], inside: Cells): PicturePart {
  const boxes: Box[] = [];
  for (let row = 0; row < 6; row++)
    for (let column = 0; column < 8; column++) if (inside(row, column)) boxes.push([8 + 4 * column, 4 + 4 * row, 3, 3]);
  return part(tone, ...boxes);
}

const all = field('soft', () => true);
/** Bars that stand on the line y = 28, heights in order, from x = 6. */
const bars = (tone: PicturePart['tone'], ...heights: number[]) =>
  part(
    tone,
    ...heights.map((height, i): Box => [6 + i * (36 / heights.length), 28 - height, 36 / heights.length - 2, height]),
  );
const ground = line('M4 28H44');
const rows = (tone: PicturePart['tone'], lit: number) => [
  part('soft', ...[0, 1, 2, 3].map((i): Box => [8, 4 + 6 * i, 32, 5])),
  part(tone, [8, 4 + 6 * lit, 32, 5]),
];
const arrow = (x: number, y: number, to: number) => line(`M${x} ${y}H${to}m-3-3 3 3-3 3`);
const threads = (count: number) =>
  line(Array.from({ length: count }, (_, i) => `M${10 + (28 / Math.max(count - 1, 1)) * i} 6v20`).join(''));
const workgroup = line('M5 3H43V29H5z');
const levels = (lit: 0 | 1 | 2) =>
  (
    [
      [4, 6, 18, 20],
      [25, 9, 12, 14],
      [40, 12, 5, 8],
    ] as Box[]
  ).map((each, i) => part(i === lit ? 'accent' : 'soft', each));

export const PICTURES: Readonly<Record<TermId, readonly PicturePart[]>> = {
  attention: [
    part('q', [5, 13, 6, 6]),
    part('k', [37, 3, 6, 6], [37, 13, 6, 6], [37, 23, 6, 6]),
    line('M11 16 37 6M11 16H37M11 16 37 26'),
  ],
  query: rows('q', 1),
  key: rows('k', 2),
  value: rows('v', 3),
  score: [part('q', [4, 13, 14, 6]), part('k', [22, 3, 6, 26]), part('s', [34, 11, 10, 10])],
  'score-matrix': [field('s', () => true), part('q', [2, 4, 3, 23]), part('k', [8, 29, 31, 2])],
  probability: [ground, bars('s', 4, 14, 7, 3)],
  'query-tile': [all, field('q', (row) => row < 3)],
  'key-tile': [all, field('k', (_, column) => column > 1 && column < 5)],
  tile: [all, field('s', (row, column) => row > 1 && row < 4 && column > 2 && column < 6)],
  softmax: [ground, bars('s', 3, 5, 20, 8), line('M6 24q18 0 18-16')],
  'online-softmax': [ground, bars('s', 8, 12), { tone: 'dash', d: 'M24 4v24' }, bars('soft', 0, 0, 0, 18, 9)],
  'running-max': [ground, bars('soft', 6, 10, 8, 18, 12), line('M6 22H13V18H27V10H44')],
  'running-sum': [ground, bars('s', 4, 9, 13, 18, 23)],
  rescale: [part('soft', [8, 6, 12, 22]), arrow(22, 17, 30), part('s', [32, 16, 8, 12])],
  logsumexp: [part('soft', [5, 6, 24, 20]), arrow(31, 16, 37), part('accent', [40, 13, 5, 6])],
  hbm: levels(0),
  sram: levels(1),
  registers: levels(2),
  workgroup: [workgroup, threads(5)],
  invocation: [workgroup, { tone: 'dash', d: 'M10 6v20M31 6v20M38 6v20' }, part('accent', [16, 6, 3, 20])],
  dispatch: [
    part('soft', ...[0, 1, 2].flatMap((r) => [0, 1, 2, 3].map((c): Box => [7 + 9 * c, 3 + 9 * r, 7, 7]))),
    line('M2 16h3'),
  ],
  barrier: [
    line('M8 6h14M8 12h8M8 18h14M8 24h11'),
    part('accent', [25, 2, 3, 28]),
    line('M31 6h10M31 12h10M31 18h10M31 24h10'),
  ],
  'causal-mask': [all, field('s', (row, column) => column <= row + 2)],
  window: [all, field('s', (row, column) => Math.abs(column - row - 1) < 2)],
  gqa: [
    part('q', [5, 3, 6, 5], [5, 10, 6, 5], [5, 17, 6, 5], [5, 24, 6, 5]),
    part('k', [36, 6, 6, 5], [36, 20, 6, 5]),
    line('M11 5.5 36 8M11 12.5 36 9M11 19.5 36 22M11 26.5 36 23'),
  ],
  softcap: [{ tone: 'dash', d: 'M4 6H44M4 26H44' }, line('M4 25q12 0 20-9t20-9')],
  'block-mask': [
    all,
    field(
      's',
      (row, column) =>
        (row < 2 && column < 3) || (row > 1 && row < 4 && column > 2 && column < 6) || (row > 3 && column > 5),
    ),
  ],
  'head-dim': [part('soft', [6, 12, 36, 8]), line('M6 25H42M6 22v6M42 22v6M15 12v8M24 12v8M33 12v8')],
  head: [part('q', [5, 6, 8, 20]), part('k', [15, 6, 8, 20]), part('v', [25, 6, 8, 20]), part('s', [35, 6, 8, 20])],
  'on-chip-memory': [
    part('soft', [8, 4, 32, 24]),
    part('q', [10, 6, 12, 20]),
    part('k', [24, 6, 6, 20]),
    part('v', [32, 6, 6, 20]),
  ],
  'kv-cache': [
    part('k', ...[0, 1, 2, 3, 4].map((i): Box => [5 + 7 * i, 5, 5, 9])),
    part('v', ...[0, 1, 2, 3, 4].map((i): Box => [5 + 7 * i, 18, 5, 9])),
    { tone: 'dash', d: box([40, 5, 5, 9]) + box([40, 18, 5, 9]) },
  ],
  state: [arrow(4, 16, 14), part('s', [18, 8, 12, 16]), line('M22 8C18 0 30 0 26 8'), arrow(34, 16, 44)],
  seed: [
    part('accent', [6, 13, 6, 6]),
    arrow(14, 16, 22),
    part('soft', [26, 4, 7, 7], [35, 4, 7, 7], [26, 13, 7, 7], [35, 13, 7, 7], [26, 22, 7, 7], [35, 22, 7, 7]),
  ],
  parity: [line('M4 20q10-16 20-6t20-8'), { tone: 'dash', d: 'M4 22q10-16 20-6t20-8' }],
  trace: [line('M4 28H44'), part('accent', [6, 20, 6, 5], [14, 13, 8, 5], [24, 20, 6, 5], [32, 6, 10, 5])],
  step: [line('M4 16H44M14 10v12M24 10v12M34 10v12'), part('accent', [24, 12, 10, 8])],
  reuse: [part('k', [20, 12, 8, 8]), line('M24 12C10 0 10 32 24 20M24 12C38 0 38 32 24 20')],
  measured: [line('M8 26a16 16 0 1 1 32 0'), line('M24 26 33 14')],
  exact: [line('M10 6v20M17 6v20M24 6v20M31 6v20M6 24 36 8')],
  'closed-form': [line('M8 10H24M8 18H24'), line('M32 6q-5 10 0 20M38 6q5 10 0 20')],
  'confidence-interval': [line('M6 16H42M6 10v12M42 10v12'), part('accent', [21, 9, 5, 14])],
  quantum: [line('M4 24H12V18H20V12H28V6H44')],
  'software-adapter': [
    line('M12 6H36V26H12zM18 6V2M30 6V2M18 30V26M30 30V26M12 12H8M12 20H8M40 12H36M40 20H36'),
    part('soft', [17, 11, 14, 10]),
  ],
  underflow: [ground, bars('s', 22, 12, 6, 3, 1), { tone: 'dash', d: 'M4 24H44' }],
  cancellation: [part('soft', [6, 6, 14, 22], [22, 7, 14, 21]), part('accent', [40, 27, 4, 1])],
  'zero-order-hold': [ground, line('M6 24H15V18H24V10H33V14H42'), { tone: 'dash', d: 'M6 24q10-2 18-12t18 2' }],
};
