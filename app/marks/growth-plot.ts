// Bytes against length, both by powers: what does not grow lies flat, what grows with every token rises at one slope. Drawing and hit
// testing.

import type { GrowthPanel, GrowthRow, GrowthScene } from './growth-scene.ts';
import type { Pen } from './pen.ts';
import { bytesText, exactText } from './quantities.ts';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const WIDE = 620;
const GAP = 16;
const LEFT = 52;
const RIGHT = 22;
const HEAD = 38;
const FOOT = 44;
const POINT = 10;
/** Room of the highest and lowest points for their labels. */
const PAD = 24;
/** Width of a value's label. */
const LABEL = 48;

/** The panels side by side where there is room, else one above the other. @returns their plots, without titles and axes */
export function layoutGrowth({ panels }: GrowthScene, width: number, height: number): Box[] {
  const beside = width >= WIDE;
  const [across, down] = beside ? [panels.length, 1] : [1, panels.length];
  const wide = (width - GAP * (across - 1)) / across;
  const high = (height - GAP * (down - 1)) / down;
  return panels.map((_, i) => ({
    x: (beside ? i * (wide + GAP) : 0) + LEFT,
    y: (beside ? 0 : i * (high + GAP)) + HEAD,
    width: Math.max(wide - LEFT - RIGHT, 20),
    height: Math.max(high - HEAD - FOOT, 20),
  }));
}

const xOf = ({ lengths }: GrowthScene, { x, width }: Box, i: number): number => {
  const [first, last] = [Math.log2(lengths[0]!), Math.log2(lengths.at(-1)!)];
  return last === first ? x + width / 2 : x + ((Math.log2(lengths[i]!) - first) / (last - first)) * width;
};

/** The length nearest to a point. */
export function hitGrowth(scene: GrowthScene, width: number, height: number, x: number, y: number): number | null {
  for (const box of layoutGrowth(scene, width, height)) {
    const inside =
      x >= box.x - LEFT && x < box.x + box.width + RIGHT && y >= box.y - HEAD && y < box.y + box.height + FOOT;
    if (!inside) continue;
    const away = scene.lengths.map((_, i) => Math.abs(xOf(scene, box, i) - x));
    return away.indexOf(Math.min(...away));
  }
  return null;
}

export function drawGrowth(pen: Pen, scene: GrowthScene): void {
  const boxes = layoutGrowth(scene, pen.width, pen.height);
  for (const [i, panel] of scene.panels.entries()) drawPanel(pen, scene, panel, boxes[i]!);
}

/** '1 KB' for '1.00 KB': the axis has whole powers of ten. */
const powerText = (bytes: number) => bytesText(bytes).replace(/\.0+ /, ' ');

function drawPanel(pen: Pen, scene: GrowthScene, panel: GrowthPanel, box: Box): void {
  const bytes = panel.rows.flatMap(({ values, form }) => [...values, ...(form ?? [])]);
  const low = Math.floor(Math.log10(Math.max(1, Math.min(...bytes))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...bytes))));
  const share = (value: number) => (Math.log10(Math.max(1, value)) - low) / (high - low);
  const y = (value: number) => box.y + box.height - PAD - (box.height - 2 * PAD) * share(value);

  pen.text(box.x - LEFT, box.y - HEAD + 8, panel.title, '--ink', { size: 13, bold: true });
  pen.text(box.x - LEFT, box.y - HEAD + 25, panel.source, '--ink-2', { size: 10 });
  for (let power = low; power <= high; power++) {
    pen.line([box.x, y(10 ** power), box.x + box.width, y(10 ** power)], '--line', 1);
    pen.text(box.x - 6, y(10 ** power), powerText(10 ** power), '--ink-2', { size: 10, align: 'right', mono: true });
  }
  drawLengths(pen, scene, box);
  for (const row of panel.rows) drawRow(pen, scene, row, box, y);
  for (const [i] of scene.lengths.entries()) drawValues(pen, scene, panel.rows, box, y, i);
}

/** The axis of tokens, and where the run on screen and the selection stand on it. */
function drawLengths(pen: Pen, scene: GrowthScene, box: Box): void {
  const bottom = box.y + box.height;
  const last = scene.lengths.length - 1;
  const room = (box.width / Math.max(last, 1)) * 0.9;
  scene.lengths.forEach((length, i) => {
    const x = xOf(scene, box, i);
    const text = exactText(length);
    const picked = i === scene.selected;
    if (i === scene.own) {
      pen.line([x, box.y, x, bottom + 22], '--accent', 1.5, [4, 3]);
      const align = x - box.x > box.width / 2 ? 'right' : 'left';
      pen.text(x, bottom + 32, `this run: ${text}`, '--accent', { size: 11, bold: true, align });
    }
    if (picked) pen.line([x, box.y - 4, x, bottom + 4], '--ink', 1, [2, 2]);
    // Another length may be close to the run's own.
    if ((i !== scene.own || picked) && (room > 22 || picked)) {
      pen.text(x, bottom + 13, text, '--ink', { size: 11, align: 'center', mono: true, bold: picked });
    }
  });
  pen.text(box.x - LEFT, bottom + 13, 'tokens', '--ink-2', { size: 11 });
}

function drawRow(pen: Pen, scene: GrowthScene, row: GrowthRow, box: Box, y: (bytes: number) => number): void {
  const through = (values: readonly number[]) => values.flatMap((value, i) => [xOf(scene, box, i), y(value)]);
  if (row.form) pen.line(through(row.form), row.ink, 1.5, [6, 4]);
  else pen.line(through(row.values), row.ink, 1.5);
  row.values.forEach((value, i) => {
    const [x, middle] = [xOf(scene, box, i), y(value)];
    // The last one carries the letter.
    const [wide, high] = i === scene.lengths.length - 1 ? [22, 16] : [POINT, POINT];
    const [left, top] = [x - wide / 2, middle - high / 2];
    pen.rect(left, top, wide, high, row.ink);
    if (row.pattern && wide === POINT) pen.pattern(left, top, wide, high, row.pattern, '--surface');
    if (wide > POINT) pen.text(x, middle, row.letter, '--surface', { size: 11, bold: true, align: 'center' });
    if (i === scene.selected) pen.frame(left - 2, top - 2, wide + 4, high + 4, '--ink', 2);
  });
}

/** The bytes of every row at one length: the largest above its point, the others below theirs. What stays the same is said once. */
function drawValues(
  pen: Pen,
  scene: GrowthScene,
  rows: readonly GrowthRow[],
  box: Box,
  y: (bytes: number) => number,
  i: number,
): void {
  const { selected, own, lengths } = scene;
  const x = xOf(scene, box, i);
  const close = lengths.some((_, j) => {
    const outranks = j === selected || (j !== i && j !== own && j < i);
    return j !== i && outranks && Math.abs(xOf(scene, box, j) - x) < LABEL;
  });
  if (i !== selected && (close || i === own)) return;
  const most = Math.max(...rows.map(({ values }) => values[i]!));
  const topmost = rows.findIndex(({ values }) => values[i] === most);
  const last = i === lengths.length - 1;
  const align = last ? 'right' : i === 0 ? 'left' : 'center';
  const anchor = last ? x + 11 : i === 0 ? x - 2 : x;
  rows.forEach(({ values }, at) => {
    if (i !== selected && i > 0 && values[i] === values[i - 1]) return;
    const middle = y(values[i]!) + (at === topmost ? -17 : 17);
    pen.text(anchor, middle, bytesText(values[i]!), '--ink', { size: 11, align, mono: true, bold: i === selected });
  });
}
