// Values over two axes as coloured cells, several panels side by side, with words or numbers along both axes and a colour bar each. Drawing
// and hit testing; no React, no mechanism.

import { cividis } from '../../pens/cividis.ts';
import { diverging } from '../../pens/diverging.ts';
import { nearestCell } from '../../pens/nearest-box.ts';
import { type Ink, type PaletteEntry, type Pen, textWidth } from '../../pens/pen.ts';
import { valueText } from '../../words/quantities.ts';

export interface ValuePanel {
  id: string;
  letter: string;
  ink: Ink;
  title: string;
  /** Where its numbers come from, and on which scale they are drawn. */
  note: string;
  /** Row-major [rows, columns]. NaN: not there yet; −∞: shut out; +∞: no finite number. */
  values: Float32Array;
  /** Ends of its colours; values of either sign where `from` is below 0. */
  scale: { from: number; to: number };
}

export interface ValueCellsScene {
  rows: number;
  columns: number;
  panels: ValuePanel[];
  rowTitle: string;
  columnTitle: string;
  rowLabels?: readonly string[];
  columnLabels?: readonly string[];
  selected: { row: number; column: number | null; panel: number } | null;
}

export interface CellsBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

const SHADES = 62;
const [AHEAD, HIDDEN, BROKEN] = [0, 1, 2];
const FIRST = 3;
const HEAD = 24;
const BAR = 30;
const GAP = 18;
const LETTER = 6.4;
const LONGEST = 11;
const NUMBERS_ROOM = 30;

const shorten = (word: string) => (word.length > LONGEST ? `${word.slice(0, LONGEST - 1)}…` : word);
const room = (labels: readonly string[] | undefined) =>
  labels ? 14 + LETTER * Math.min(LONGEST, Math.max(2, ...labels.map((word) => word.length))) : NUMBERS_ROOM;

const CLEAR: PaletteEntry = { ink: 'none', alpha: 0 };
const withShades = (shade: (share: number) => PaletteEntry['ink']): PaletteEntry[] => [
  CLEAR,
  CLEAR,
  CLEAR,
  ...Array.from({ length: SHADES }, (_, i) => ({ ink: shade(i / (SHADES - 1)), alpha: 1 })),
];
const plain = withShades(cividis);
const signed = withShades((share) => diverging(2 * share - 1));

function shadeOf(value: number, { from, to }: ValuePanel['scale']): number {
  if (Number.isNaN(value)) return AHEAD;
  if (value === Number.NEGATIVE_INFINITY) return HIDDEN;
  if (value === Number.POSITIVE_INFINITY) return BROKEN;
  const share = (value - from) / (to - from || 1);
  return FIRST + Math.round(Math.min(Math.max(share, 0), 1) * (SHADES - 1));
}

/** A box per panel, all alike: side by side, or one above the other where that gives larger cells. */
export function layoutCells(scene: ValueCellsScene, width: number, height: number): CellsBox[] {
  const count = Math.max(scene.panels.length, 1);
  const left = room(scene.rowLabels);
  const top = HEAD + (scene.columnLabels ? 0.8 * room(scene.columnLabels) : 18);
  const boxesIn = (across: number) => {
    const down = Math.ceil(count / across);
    const [wide, high] = [(width - GAP * (across - 1)) / across, (height - GAP * (down - 1)) / down];
    const [w, h] = [Math.max(wide - left - 4, 8), Math.max(high - top - BAR, 8)];
    // Cells are at most twice as wide as high, so that both axes read alike.
    const cell = Math.min(h / Math.max(scene.rows, 1), (2 * w) / Math.max(scene.columns, 1));
    const size = {
      width: Math.min(w, 2 * cell * Math.max(scene.columns, 1)),
      height: Math.min(h, 2 * (w / Math.max(scene.columns, 1)) * Math.max(scene.rows, 1)),
    };
    return { across, wide, high, size, area: size.width * size.height };
  };
  const ways = [boxesIn(count), boxesIn(1)];
  const { across, wide, high, size } = ways[0]!.area >= ways[1]!.area ? ways[0]! : ways[1]!;
  return scene.panels.map((_, i) => ({
    x: (i % across) * (wide + GAP) + left,
    y: Math.floor(i / across) * (high + GAP) + top,
    ...size,
  }));
}

/** The cell under a point; in a gap or close beside a panel the nearest. */
export function hitCells(
  scene: ValueCellsScene,
  boxes: readonly CellsBox[],
  x: number,
  y: number,
): { panel: number; row: number; column: number } | null {
  const hit = nearestCell(boxes, () => scene, { x, y }, GAP);
  return hit && { panel: hit.box, row: hit.row, column: hit.column };
}

export function drawCells(pen: Pen, scene: ValueCellsScene): void {
  const boxes = layoutCells(scene, pen.width, pen.height);
  scene.panels.forEach((panel, i) => {
    const box = boxes[i]!;
    drawPanel(pen, scene, panel, box);
    drawScale(pen, panel, box);
  });
  drawSelected(pen, scene, boxes);
}

function drawPanel(pen: Pen, scene: ValueCellsScene, panel: ValuePanel, box: CellsBox): void {
  const { x, y, width, height } = box;
  const { rows, columns } = scene;
  const top = y - HEAD - (scene.columnLabels ? 0.8 * room(scene.columnLabels) : 18);
  const left = x - room(scene.rowLabels);
  pen.rect(left, top, 16, 16, panel.ink);
  pen.text(left + 8, top + 8, panel.letter, '--surface', { size: 11, bold: true, align: 'center' });
  pen.text(left + 22, top + 8, panel.title, '--ink', { size: 12 });
  pen.pattern(x, y, width, height, 'hatch', '--line');
  const cells = Uint8Array.from(panel.values, (value) => shadeOf(value, panel.scale));
  drawStretches(cells, rows, columns, HIDDEN, (row, from, past) => {
    const at = stretch(box, scene, row, from, past);
    pen.rect(...at, '--surface-2');
    pen.pattern(...at, 'dots', '--tensor-mask');
  });
  pen.cells(x, y, width, height, columns, rows, cells, panel.scale.from < 0 ? signed : plain);
  drawStretches(cells, rows, columns, BROKEN, (row, from, past) => {
    const at = stretch(box, scene, row, from, past);
    pen.rect(...at, '--bad-soft');
    pen.pattern(...at, 'cross', '--bad');
  });
  pen.frame(x, y, width, height, '--line');
  drawLabels(pen, scene, box);
}

const stretch = (
  { x, y, width, height }: CellsBox,
  { rows, columns }: ValueCellsScene,
  row: number,
  from: number,
  past: number,
) =>
  [x + (from / columns) * width, y + (row / rows) * height, ((past - from) / columns) * width, height / rows] as const;

/** Neighbours of one state, row by row. */
function drawStretches(
  cells: Uint8Array,
  rows: number,
  columns: number,
  state: number,
  draw: (row: number, from: number, past: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const from = column;
      while (column < columns && cells[row * columns + column] === state) column++;
      if (column > from) draw(row, from, column);
      else column++;
    }
  }
}

/** How many cells apart labels stand. */
const every = (cell: number, least: number) => Math.max(1, Math.ceil(least / cell));

function drawLabels(pen: Pen, scene: ValueCellsScene, { x, y, width, height }: CellsBox): void {
  const { rows, columns, rowLabels, columnLabels, selected } = scene;
  const [wide, high] = [width / columns, height / rows];
  pen.text(x - 6, y - 8, `${scene.rowTitle} ↓`, '--ink-2', { size: 10, align: 'right' });
  const across = every(wide, columnLabels ? 11 : 26);
  for (let column = 0; column < columns; column += across) {
    const middle = x + (column + 0.5) * wide;
    const word = columnLabels?.[column];
    const bold = column === selected?.column;
    if (word !== undefined) pen.text(middle, y - 5, shorten(word), '--ink', { size: 11, rotate: -60, bold });
    else pen.text(middle, y - 8, String(column), '--ink-2', { size: 11, align: 'center', bold });
  }
  const down = every(high, 11);
  for (let row = 0; row < rows; row += down) {
    const bold = row === selected?.row;
    const word = rowLabels?.[row];
    const label = word === undefined ? String(row) : shorten(word);
    pen.text(x - 6, y + (row + 0.5) * high, label, word === undefined ? '--ink-2' : '--ink', {
      ...{ size: Math.min(11, Math.max(high, 9)), align: 'right', bold },
    });
  }
}

/** The colour bar below a panel, with its ends in numbers. */
function drawScale(pen: Pen, { scale, note }: ValuePanel, { x, y, width, height }: CellsBox): void {
  const top = y + height + 6;
  const long = Math.min(120, width / 2);
  const values = Uint8Array.from({ length: SHADES }, (_, i) => FIRST + i);
  const [from, to] = [valueText(scale.from), valueText(scale.to)];
  pen.text(x, top + 5, from, '--ink-2', { size: 10, mono: true });
  const start = x + textWidth(from, 10, { mono: true }) + 4;
  pen.cells(start, top, long, 10, SHADES, 1, values, scale.from < 0 ? signed : plain);
  pen.text(start + long + 4, top + 5, to, '--ink-2', { size: 10, mono: true });
  pen.text(x, top + 19, note, '--ink-2', { size: 10 });
}

function drawSelected(pen: Pen, { selected, rows, columns }: ValueCellsScene, boxes: readonly CellsBox[]): void {
  if (!selected) return;
  const { row, column } = selected;
  for (const { x, y, width, height } of boxes) {
    const [wide, high] = [width / columns, height / rows];
    pen.frame(x - 2, y + row * high, width + 4, Math.max(high, 2), '--ink', 1);
    if (column !== null) pen.frame(x + column * wide - 1, y + row * high - 1, wide + 2, high + 2, '--accent', 2);
  }
}
