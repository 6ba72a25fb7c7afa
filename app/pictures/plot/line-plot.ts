// Bytes against a number of tokens, both by powers: what does not grow lies flat, what grows with every token rises at one slope. Drawing and
// hit testing.

import { type Ink, type Pattern, type Pen, textWidth } from '../../pens/pen.ts';
import { wrapped } from '../../pens/wrapped.ts';
import { bytesText, exactText } from '../../words/quantities.ts';

export interface PlotRow {
  letter: string;
  name: string;
  ink: Ink;
  pattern: Pattern | null;
  /** Bytes at every place; NaN where only the formula says any: its point is hollow. */
  values: number[];
  /** By formula, where there is one. */
  form: number[] | null;
}

export interface PlotPanel {
  title: string;
  /** Where its numbers come from. */
  source: string;
  rows: PlotRow[];
}

export interface PlotScene {
  /** Numbers of tokens, ascending. */
  places: number[];
  /** Index of that of the run on screen; −1 where it was left out. */
  own: number;
  /** Index. */
  selected: number;
  panels: PlotPanel[];
}

/** What stands at a place: its value, else its formula's. */
const shownAt = ({ values, form }: Pick<PlotRow, 'values' | 'form'>, i: number): number =>
  Number.isNaN(values[i]) ? (form?.[i] ?? Number.NaN) : values[i]!;

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
/** Lines of a head: its title, where numbers come from, and the names of the rows. */
const LINES = { title: 17, source: 13, names: 20, below: 4 };
/** Of where numbers come from, and of a row's name. */
const SIZE = { source: 10, name: 11 };
const FOOT = 44;
const POINT = 10;
/** Room of the highest and lowest points for their labels. */
const PAD = 24;
/** Width of a value's label. */
const LABEL = 48;
/** Of a row's letter in the legend and at its last point. */
const BADGE = { width: 22, height: 16 };

/** Names of the rows in lines: what is compared is never cut off. */
function nameLines(rows: readonly PlotRow[], room: number): PlotRow[][] {
  const lines: PlotRow[][] = [];
  let at = room;
  for (const row of rows) {
    const wide = widthOfName(row);
    if (at + wide > room) {
      lines.push([]);
      at = 0;
    }
    lines.at(-1)!.push(row);
    at += wide;
  }
  return lines;
}

const widthOfName = ({ name }: PlotRow) => BADGE.width + 18 + textWidth(name, SIZE.name);

/** Room above a plot for what its panel is about. */
function headOf({ source, rows }: PlotPanel, wide: number): number {
  const sources = wrapped(source, SIZE.source, wide).length;
  return LINES.title + LINES.source * sources + LINES.names * nameLines(rows, wide).length + LINES.below;
}

/** The panels side by side where there is room, else one above the other. @returns their plots, without titles and axes */
export function layoutPlot({ panels }: PlotScene, width: number, height: number): Box[] {
  const beside = width >= WIDE;
  const [across, down] = beside ? [panels.length, 1] : [1, panels.length];
  const wide = (width - GAP * (across - 1)) / across;
  const high = (height - GAP * (down - 1)) / down;
  const head = Math.max(...panels.map((panel) => headOf(panel, wide)));
  return panels.map((_, i) => ({
    x: (beside ? i * (wide + GAP) : 0) + LEFT,
    y: (beside ? 0 : i * (high + GAP)) + head,
    width: Math.max(wide - LEFT - RIGHT, 20),
    height: Math.max(high - head - FOOT, 20),
  }));
}

const xOf = ({ places }: PlotScene, { x, width }: Box, i: number): number => {
  const [first, last] = [Math.log2(places[0]!), Math.log2(places.at(-1)!)];
  return last === first ? x + width / 2 : x + ((Math.log2(places[i]!) - first) / (last - first)) * width;
};

/** The place nearest to a point. */
export function hitPlot(scene: PlotScene, width: number, height: number, x: number, y: number): number | null {
  const boxes = layoutPlot(scene, width, height);
  // The first one is at the top: its head is as high as all.
  const head = boxes[0]?.y ?? 0;
  for (const box of boxes) {
    const inside =
      x >= box.x - LEFT && x < box.x + box.width + RIGHT && y >= box.y - head && y < box.y + box.height + FOOT;
    if (!inside) continue;
    const away = scene.places.map((_, i) => Math.abs(xOf(scene, box, i) - x));
    return away.indexOf(Math.min(...away));
  }
  return null;
}

export function drawPlot(pen: Pen, scene: PlotScene): void {
  const boxes = layoutPlot(scene, pen.width, pen.height);
  for (const [i, panel] of scene.panels.entries()) drawPanel(pen, scene, panel, boxes[i]!, boxes[0]!.y);
}

/** '1 KB' for '1.00 KB': the axis has whole powers of ten. */
const powerText = (bytes: number) => bytesText(bytes).replace(/\.0+ /, ' ');

/** @param head room above the plot */
function drawPanel(pen: Pen, scene: PlotScene, panel: PlotPanel, box: Box, head: number): void {
  const bytes = panel.rows
    .flatMap(({ values, form }) => [...values, ...(form ?? [])])
    .filter((value) => !Number.isNaN(value));
  const low = Math.floor(Math.log10(Math.max(1, Math.min(...bytes))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...bytes))));
  const share = (value: number) => (Math.log10(Math.max(1, value)) - low) / (high - low);
  const y = (value: number) => box.y + box.height - PAD - (box.height - 2 * PAD) * share(value);

  const left = box.x - LEFT;
  const room = box.width + LEFT + RIGHT;
  let top = box.y - head;
  pen.text(left, top + 8, panel.title, '--ink', { size: 13, bold: true });
  top += LINES.title;
  for (const line of wrapped(panel.source, SIZE.source, room)) {
    pen.text(left, top + 6, line, '--ink-2', { size: SIZE.source });
    top += LINES.source;
  }
  for (const line of nameLines(panel.rows, room)) {
    let at = left;
    for (const row of line) {
      drawBadge(pen, row, at, top + 2);
      pen.text(at + BADGE.width + 5, top + 10, row.name, '--ink', { size: SIZE.name });
      at += widthOfName(row);
    }
    top += LINES.names;
  }
  for (let power = low; power <= high; power++) {
    pen.line([box.x, y(10 ** power), box.x + box.width, y(10 ** power)], '--line', 1);
    pen.text(box.x - 6, y(10 ** power), powerText(10 ** power), '--ink-2', { size: 10, align: 'right', mono: true });
  }
  drawPlaces(pen, scene, box);
  for (const row of panel.rows) drawRow(pen, scene, row, box, y);
  for (const [i] of scene.places.entries()) drawValues(pen, scene, panel.rows, box, y, i);
}

function drawBadge(pen: Pen, { ink, letter }: PlotRow, x: number, y: number): void {
  const { width, height } = BADGE;
  pen.rect(x, y, width, height, ink);
  pen.text(x + width / 2, y + height / 2, letter, '--surface', { size: 11, bold: true, align: 'center' });
}

/** The axis of tokens, and where the run on screen and the selection stand on it. */
function drawPlaces(pen: Pen, scene: PlotScene, box: Box): void {
  const bottom = box.y + box.height;
  const last = scene.places.length - 1;
  const room = (box.width / Math.max(last, 1)) * 0.9;
  scene.places.forEach((place, i) => {
    const x = xOf(scene, box, i);
    const text = exactText(place);
    const picked = i === scene.selected;
    if (i === scene.own) {
      pen.line([x, box.y, x, bottom + 22], '--accent', 1.5, [4, 3]);
      const align = x - box.x > box.width / 2 ? 'right' : 'left';
      pen.text(x, bottom + 32, `this run: ${text}`, '--accent', { size: 11, bold: true, align });
    }
    if (picked) pen.line([x, box.y - 4, x, bottom + 4], '--ink', 1, [2, 2]);
    // Another place may be close to the run's own.
    if ((i !== scene.own || picked) && (room > 22 || picked)) {
      pen.text(x, bottom + 13, text, '--ink', { size: 11, align: 'center', mono: true, bold: picked });
    }
  });
  pen.text(box.x - LEFT, bottom + 13, 'tokens', '--ink-2', { size: 11 });
}

function drawRow(pen: Pen, scene: PlotScene, row: PlotRow, box: Box, y: (bytes: number) => number): void {
  const through = (values: readonly number[]) => values.flatMap((value, i) => [xOf(scene, box, i), y(value)]);
  if (row.form) pen.line(through(row.form), row.ink, 1.5, [6, 4]);
  else pen.line(through(row.values), row.ink, 1.5);
  row.values.forEach((value, i) => {
    const [x, middle] = [xOf(scene, box, i), y(shownAt(row, i))];
    const last = i === scene.places.length - 1;
    const { width, height } = last ? BADGE : { width: POINT, height: POINT };
    const [left, top] = [x - width / 2, middle - height / 2];
    if (last) drawBadge(pen, row, left, top);
    else if (Number.isNaN(value)) pen.frame(left, top, width, height, row.ink, 2);
    else {
      pen.rect(left, top, width, height, row.ink);
      if (row.pattern) pen.pattern(left, top, width, height, row.pattern, '--surface');
    }
    if (i === scene.selected) pen.frame(left - 2, top - 2, width + 4, height + 4, '--ink', 2);
  });
}

/** The bytes of every row at one place: the largest above its point, the others below theirs. What stays the same is said once. */
function drawValues(
  pen: Pen,
  scene: PlotScene,
  rows: readonly PlotRow[],
  box: Box,
  y: (bytes: number) => number,
  i: number,
): void {
  const { selected, own, places } = scene;
  const x = xOf(scene, box, i);
  const close = places.some((_, j) => {
    const outranks = j === selected || (j !== i && j !== own && j < i);
    return j !== i && outranks && Math.abs(xOf(scene, box, j) - x) < LABEL;
  });
  const isEnd = i === 0 || i === places.length - 1;
  if (i !== selected && (close || (i === own && !isEnd))) return;
  const shown = rows.map((row) => shownAt(row, i));
  const topmost = shown.indexOf(Math.max(...shown));
  rows.forEach((row, at) => {
    const value = shown[at]!;
    if (i !== selected && i > 0 && value === shownAt(row, i - 1)) return;
    // A line that rises leaves room above on the left of its points, below on their right.
    const above = at === topmost;
    const right = i > 0 && (above || i === places.length - 1);
    const anchor = right ? x + (i === places.length - 1 ? BADGE.width / 2 : POINT / 2 + 2) : x - (i === 0 ? 2 : 7);
    const align = right ? 'right' : 'left';
    const middle = y(value) + (above ? -17 : 17);
    pen.text(anchor, middle, bytesText(value), '--ink', { size: 11, align, mono: true, bold: i === selected });
  });
}
