// Heat maps, one panel per tensor: a cell per number, hatched where nothing is known, crossed out where it is no number. Drawing and hit
// testing; no React, no mechanism.

import { cividis } from '../../pens/cividis.ts';
import { diverging } from '../../pens/diverging.ts';
import { nearestCell } from '../../pens/nearest-box.ts';
import { type Ink, type PaletteEntry, type Pen, textWidth } from '../../pens/pen.ts';
import { countText, valueText } from '../../words/quantities.ts';
import { drawAxisWords, marginsOf, widestBox } from './axis-words.ts';

export interface HeatScale {
  /** What the first and the last shade stand for; −most for values of either sign. */
  least: number;
  most: number;
  signed: boolean;
  /** Whole numbers, of which 0 is "never" and hatched. */
  counts: boolean;
}

/** A stretch of a panel; null bounds reach over all of it. */
export interface HeatRegion {
  rows: readonly [number, number] | null;
  columns: readonly [number, number] | null;
  /** Where the run is, or what the selection made elsewhere is about. */
  kind: 'now' | 'linked';
}

export interface HeatPanel {
  id: string;
  letter: string;
  ink: Ink;
  /** Longest first: the first that has room is written. */
  titles: readonly string[];
  notes: readonly string[];
  /** Accesses past the end of what is counted here, where there were some: said in place of the notes. */
  past?: number;
  rows: number;
  columns: number;
  /** Row-major; NaN where nothing is known, ∞ for a value that is NaN or ±∞, −∞ for what is shut out. */
  values: Float32Array;
  /** What is said of what is shut out; 'hidden' where absent. */
  out?: string;
  scale: HeatScale;
  regions: readonly HeatRegion[];
  /** Names of the axes, where rows and columns are told apart by number or word. */
  axes?: { rows: string; columns?: string };
  rowWords?: readonly string[];
  columnWords?: readonly string[];
  /** Set where all of it is selected. */
  framed: boolean;
}

export interface HeatCell {
  panel: number;
  row: number;
  /** Null where all of the row is selected. */
  column: number | null;
}

export interface HeatScene {
  panels: readonly HeatPanel[];
  selected: HeatCell | null;
  /** Set where all panels are over the same two axes: cells are near square, and a selection stands in all of them. */
  alike: boolean;
  /** Set where all panels have one scale, which is drawn once. */
  shared: boolean;
}

export interface HeatBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

const SHADES = 62;
const HEAD = 36;
const GAP = 14;
const SCALE_HEIGHT = 26;
/** Room at both sides for frames around a panel. */
const INSET = 4;
/** How much wider than high a cell may be, and the other way round, where panels are alike. */
const WIDEST_CELL = 2;

/** Cells that have no shade: nothing known, shut out, no number. */
const [CLEAR, HIDDEN, BROKEN] = [0, SHADES + 1, SHADES + 2];

const shadesOf = (colour: (share: number) => PaletteEntry['ink']): PaletteEntry[] => [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: SHADES }, (_, i) => ({ ink: colour(i / (SHADES - 1)), alpha: 1 })),
  { ink: 'none', alpha: 0 },
  { ink: 'none', alpha: 0 },
];
/** The darkest shade of a plain scale stands apart from the page in both themes. */
const plain = shadesOf((share) => cividis(0.08 + 0.92 * share));
const signedShades = shadesOf((share) => diverging(2 * share - 1));
const paletteOf = ({ signed }: HeatScale) => (signed ? signedShades : plain);

function shadeOf(value: number, { least, most, counts }: HeatScale): number {
  if (Number.isNaN(value) || (counts && value === 0)) return CLEAR;
  if (!Number.isFinite(value)) return value > 0 ? BROKEN : HIDDEN;
  const share = most > least ? (value - least) / (most - least) : 0;
  return 1 + Math.round(Math.min(Math.max(share, 0), 1) * (SHADES - 1));
}

/** Boxes of one size with near square cells: side by side, or one above the other where that makes them larger. */
function layoutAlike({ panels, shared }: HeatScene, width: number, height: number): HeatBox[] {
  const { rows, columns } = panels[0]!;
  const { left, top } = marginsOf(panels[0]!);
  const above = HEAD + top;
  const below = shared ? 0 : SCALE_HEIGHT;
  const boxesIn = (across: number) => {
    const down = Math.ceil(panels.length / across);
    const wide = (width - 2 * INSET - GAP * (across - 1)) / across;
    const high = (height - (shared ? SCALE_HEIGHT : 0) - GAP * (down - 1)) / down;
    const [w, h] = [Math.max(widestBox(panels[0]!, wide - left), 8), Math.max(high - above - below, 8)];
    const size = {
      width: Math.min(w, (WIDEST_CELL * h * columns) / rows),
      height: Math.min(h, (WIDEST_CELL * w * rows) / columns),
    };
    return { across, wide, high, size, area: size.width * size.height };
  };
  const [beside, stacked] = [boxesIn(panels.length), boxesIn(1)];
  const { across, wide, high, size } = beside.area >= stacked.area ? beside : stacked;
  return panels.map((_, i) => ({
    x: INSET + (i % across) * (wide + GAP) + left,
    y: Math.floor(i / across) * (high + GAP) + above,
    ...size,
  }));
}

/** A box per panel: side by side, in two rows when there is no room. */
export function layoutHeat(scene: HeatScene, width: number, height: number): HeatBox[] {
  const count = scene.panels.length;
  if (count === 0) return [];
  if (scene.alike) return layoutAlike(scene, width, height);
  const lines = width / count < 110 && count > 2 ? 2 : 1;
  const perLine = Math.ceil(count / lines);
  const lineHeight = (height - (scene.shared ? SCALE_HEIGHT : 0) - GAP * (lines - 1)) / lines;
  return scene.panels.map((panel, i) => {
    const line = Math.floor(i / perLine);
    const onLine = scene.panels.slice(line * perLine, (line + 1) * perLine);
    // Widths follow the square root of the columns, so that a [n × n] tensor does not crush a [n × d] one.
    const weights = onLine.map(({ columns }) => Math.sqrt(Math.max(columns, 12)));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const inner = width - 2 * INSET - GAP * (onLine.length - 1);
    const at = i - line * perLine;
    const before = weights.slice(0, at).reduce((sum, weight) => sum + weight, 0);
    const { left, top } = marginsOf(panel);
    return {
      x: INSET + (inner * before) / whole + GAP * at + left,
      y: line * (lineHeight + GAP) + HEAD + top,
      width: Math.max(widestBox(panel, (inner * weights[at]!) / whole - left), 10),
      height: Math.max(lineHeight - HEAD - top - (scene.shared ? 0 : SCALE_HEIGHT), 4),
    };
  });
}

/** The cell under a point; in a gap or close beside a panel the nearest. */
export function hitHeat(
  { panels }: HeatScene,
  boxes: readonly HeatBox[],
  x: number,
  y: number,
): { panel: number; row: number; column: number } | null {
  // What stands beside a panel's rows is the panel's, too.
  const reach = GAP + Math.max(0, ...panels.map((panel) => marginsOf(panel).left));
  const hit = nearestCell(boxes, (box) => panels[box]!, { x, y }, reach);
  return hit && { panel: hit.box, row: hit.row, column: hit.column };
}

/** Everything but the frames. */
export function drawHeatBase(pen: Pen, scene: HeatScene): void {
  const boxes = layoutHeat(scene, pen.width, pen.height);
  scene.panels.forEach((panel, i) => {
    const box = boxes[i]!;
    drawHead(pen, panel, box);
    drawCells(pen, panel, box);
    drawAxisWords(pen, panel, box, selectedIn(scene, i));
    if (!scene.shared) drawScale(pen, panel.scale, box.x, box.y + box.height + 8, box.width);
  });
  const [first] = scene.panels;
  if (scene.shared && first) drawScale(pen, first.scale, 2, pen.height - 16, pen.width / 2);
}

function drawHead(pen: Pen, panel: HeatPanel, { x, y, width }: HeatBox): void {
  const { left, top } = marginsOf(panel);
  const [from, head, room] = [x - left, y - top - HEAD, width + left];
  const fitting = (texts: readonly string[], size: number, wide: number) =>
    texts.find((text) => textWidth(text, size) <= wide) ?? texts.at(-1) ?? '';
  pen.rect(from, head + 2, 16, 16, panel.ink);
  pen.text(from + 8, head + 10, panel.letter, '--surface', { size: 11, bold: true, align: 'center' });
  pen.text(from + 22, head + 10, fitting(panel.titles, 12, room - 22 + GAP / 2), '--ink', { size: 12 });
  const times = panel.past && `! ${countText(panel.past)}×`;
  const notes = times ? [`${times} past the end`, times] : panel.notes;
  pen.text(from, head + 27, fitting(notes, 11, room + GAP / 2), times ? '--bad' : '--ink-2', { size: 11 });
}

const selectedIn = ({ selected, alike }: HeatScene, panel: number) =>
  alike || selected?.panel === panel ? selected : null;

function drawCells(pen: Pen, { values, scale, rows, columns }: HeatPanel, box: HeatBox): void {
  const { x, y, width, height } = box;
  pen.pattern(x, y, width, height, 'hatch', '--line');
  const shades = new Uint8Array(values.length);
  let shut = false;
  let broken = false;
  for (let i = 0; i < shades.length; i++) {
    const shade = shadeOf(values[i]!, scale);
    shades[i] = shade;
    shut ||= shade === HIDDEN;
    broken ||= shade === BROKEN;
  }
  if (shut) {
    drawStretches(shades, HIDDEN, rows, columns, box, (...at) => {
      pen.rect(...at, '--surface-2');
      pen.pattern(...at, 'dots', '--tone-fixed');
    });
  }
  pen.cells(x, y, width, height, columns, rows, shades, paletteOf(scale));
  if (broken) {
    drawStretches(shades, BROKEN, rows, columns, box, (...at) => {
      pen.rect(...at, '--bad-soft');
      pen.pattern(...at, 'cross', '--bad');
    });
  }
  pen.frame(x, y, width, height, '--line');
}

/** Every stretch of a row whose cells are of one shade. */
function drawStretches(
  shades: Uint8Array,
  shade: number,
  rows: number,
  columns: number,
  box: HeatBox,
  draw: (x: number, y: number, width: number, height: number) => void,
): void {
  const [wide, high] = [box.width / columns, box.height / rows];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = column;
      while (column < columns && shades[row * columns + column] === shade) column++;
      if (column > from) draw(box.x + from * wide, box.y + row * high, (column - from) * wide, Math.max(high, 1));
    }
  }
}

/** What the shades stand for: from the least to the most; for counts also what never is. */
function drawScale(pen: Pen, scale: HeatScale, x: number, y: number, room: number): void {
  const { least, most, counts } = scale;
  const texts = counts
    ? ['once', most > 1 ? `${countText(most)} times` : '']
    : [valueText(least), most === least ? '' : valueText(most)];
  let at = x;
  if (counts) {
    pen.pattern(at, y, 14, 10, 'hatch', '--line-strong');
    pen.text(at + 18, y + 5, 'never', '--ink-2', { size: 11 });
    at += 62;
  }
  pen.text(at, y + 5, texts[0]!, '--ink-2', { size: 11 });
  at += Math.max(textWidth(texts[0]!, 11) + 5, counts ? 30 : 0);
  const shades = texts[1] === '' ? 1 : SHADES;
  const last = textWidth(texts[1]!, 11) + 6;
  const length = shades === 1 ? 14 : Math.max(Math.min(180, room - (at - x) - last), 14);
  pen.cells(
    at,
    y,
    length,
    10,
    shades,
    1,
    Uint8Array.from({ length: shades }, (_, i) => i + 1),
    paletteOf(scale),
  );
  pen.text(at + length + 6, y + 5, texts[1]!, '--ink-2', { size: 11 });
}

/** Where the run is, what is linked, and the selected element. */
export function drawHeatLive(pen: Pen, scene: HeatScene): void {
  const boxes = layoutHeat(scene, pen.width, pen.height);
  scene.panels.forEach((panel, i) => {
    const box = boxes[i]!;
    if (panel.framed) pen.frame(box.x - 3, box.y - 3, box.width + 6, box.height + 6, '--ink', 1.5);
    for (const region of panel.regions) drawRegion(pen, panel, box, region);
  });
  scene.panels.forEach((panel, i) => {
    const selected = selectedIn(scene, i);
    if (selected) drawSelected(pen, panel, boxes[i]!, selected);
  });
}

function drawSelected(pen: Pen, { rows, columns }: HeatPanel, { x, y, width, height }: HeatBox, at: HeatCell): void {
  const [wide, high] = [width / columns, height / rows];
  if (at.column !== null) pen.frame(x + at.column * wide - 1, y + at.row * high - 1, wide + 2, high + 2, '--ink', 2);
  pen.frame(x - 1, y + at.row * high, width + 2, Math.max(high, 2), '--ink', 1, [2, 2]);
}

function drawRegion(pen: Pen, { rows, columns }: HeatPanel, box: HeatBox, region: HeatRegion): void {
  const within = (span: readonly [number, number] | null, extent: number, length: number) => {
    const [from, to] = span ?? [0, extent];
    const start = (Math.min(from, extent) / extent) * length;
    return [start, Math.max((Math.min(to, extent) / extent) * length - start, 2)] as const;
  };
  const [left, wide] = within(region.columns, columns, box.width);
  const [top, high] = within(region.rows, rows, box.height);
  if (region.kind === 'now') pen.frame(box.x + left - 1.5, box.y + top, wide + 3, high, '--accent', 2);
  else pen.frame(box.x + left - 3, box.y + top, wide + 6, high, '--ink', 1.5, [4, 2]);
}
