// Strips of values over one shared time axis: a row per state (or per anything), a column per time step. What has not happened yet
// is hatched; what is no finite number is crossed out. Drawing and hit testing; no React, no mechanism.

import { cividis } from '../../pens/cividis.ts';
import { diverging } from '../../pens/diverging.ts';
import { nearestCell } from '../../pens/nearest-box.ts';
import { type Ink, type PaletteEntry, type Pen, textWidth } from '../../pens/pen.ts';
import { shortened } from '../../words/written-short.ts';

export interface Strip {
  id: string;
  letter: string;
  ink: Ink;
  title: string;
  /** Where its numbers come from, in a few words. */
  note: string;
  rows: number;
  /** Row-major [rows, columns]; NaN where nothing is known at this tick, ∞ for a value that is NaN or ±∞. */
  values: Float32Array;
  /** What a value that is crossed out is; by default no number. */
  crossed?: string;
  /** Largest magnitude over the whole run, so that colours do not change while it plays; or the end of a scale that is fixed. */
  most: number;
  /** What a scale ends with; `most` where absent. */
  end?: number;
  /** Set where that goes by this run's own values: it is said. */
  ofRun?: boolean;
  /** What an unsigned scale begins with; 0 where absent. */
  least?: number;
  /** Values of either sign: a diverging scale; else 0 … most. */
  signed: boolean;
}

export interface TimeStripsScene {
  columns: number;
  strips: Strip[];
  /** Column the run is at, or null. */
  current: number | null;
  selected: { strip: number; row: number; column: number } | null;
  /** Columns before which a thick line stands: chunk or tile borders. */
  borders: number[];
  /** Values handed on: from a column of a strip to a column of the next strip. */
  links?: readonly { strip: number; from: number; to: number; broken: boolean }[];
  /** What a column stands for, where that is not a time step. */
  unit?: string;
  /** What the input is, column by column, where it is text or a stream of symbols. */
  stream?: StripStream;
}

export interface StripStream {
  labels: readonly string[];
  /** Columns that the model is to remember; set off from the others. */
  marked: ReadonlySet<number>;
  /** What the run answered below a column, so far. */
  answers: readonly { column: number; text: string; right: boolean }[];
  /** Answers that will come in all; there is room for them from the start. */
  questions: number;
}

const SHADES = 60;
const LEFT = 104;
const RIGHT = 8;
const GAP = 10;
/** With a gap, as high as a title and its scale. */
const LEAST_STRIP = 12;
const FOOT = 26;
const ANSWER = 32;
/** Width of a letter of a label, about. */
const LETTER = 6.4;
/** A turned label is not longer than this many letters. */
const MOST_LETTERS = 10;
const HEAD = 4;
/** The bar of colours, left of a strip. */
const BAR = { away: 8, width: 4 };
/** Where a title begins, and how wide it may be. */
const TITLE = { x: 22, room: LEFT - 22 - BAR.away - 2 };

const signedPalette: PaletteEntry[] = [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: 2 * SHADES + 1 }, (_, i) => ({ ink: diverging((i - SHADES) / SHADES), alpha: 1 })),
];
const plainPalette: PaletteEntry[] = [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: SHADES + 1 }, (_, i) => ({ ink: cividis(i / SHADES), alpha: 1 })),
];

function shade(value: number, { most, end = most, least = 0, signed }: Strip): number {
  if (!Number.isFinite(value)) return 0;
  const share = end > least ? Math.min(Math.max((value - least) / (end - least), -1), 1) : 0;
  return signed ? 1 + SHADES + Math.round(share * SHADES) : 1 + Math.round(Math.max(share, 0) * SHADES);
}

export interface StripBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

type LabelForm = 'level' | 'turned' | 'marked only';

/** Labels stand level where they fit, else turned; where columns are narrower than a line only those that matter are written. */
function labelForm({ labels }: StripStream, cell: number): LabelForm {
  const longest = Math.max(...labels.map((label) => shortened(label, MOST_LETTERS).length));
  if (longest * LETTER <= cell) return 'level';
  if (longest <= 2 && cell >= 9) return 'level';
  return cell >= 11 ? 'turned' : 'marked only';
}

/** Room below the strips for the axis. */
function footOf({ stream, columns }: TimeStripsScene, width: number): number {
  if (!stream) return FOOT;
  const longest = Math.max(...stream.labels.map((label) => shortened(label, MOST_LETTERS).length));
  const level = labelForm(stream, (width - LEFT - RIGHT) / columns) === 'level' || longest <= 2;
  return (level ? FOOT : 14 + longest * LETTER * 0.87) + (stream.questions > 0 ? ANSWER : 0);
}

/** Heights grow with the square root of the rows, so that one row stays visible beside sixteen. */
export function layoutStrips(scene: TimeStripsScene, width: number, height: number): StripBox[] {
  const weights = scene.strips.map(({ rows }) => Math.sqrt(rows) + 0.6);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const inner = height - HEAD - footOf(scene, width) - GAP * (scene.strips.length - 1);
  const least = Math.min(Math.max(inner / scene.strips.length, 6), LEAST_STRIP);
  const room = Math.max(inner - least * scene.strips.length, 0);
  let y = HEAD;
  return weights.map((weight) => {
    const box = { x: LEFT, y, width: Math.max(width - LEFT - RIGHT, 10), height: least + (room * weight) / whole };
    y += box.height + GAP;
    return box;
  });
}

/** The cell under a point; in a gap or close beside the strips the nearest. */
export function hitStrips(
  { columns, strips }: TimeStripsScene,
  boxes: readonly StripBox[],
  x: number,
  y: number,
): { strip: number; row: number; column: number } | null {
  const hit = nearestCell(boxes, (box) => ({ rows: strips[box]!.rows, columns }), { x, y }, GAP);
  return hit && { strip: hit.box, row: hit.row, column: hit.column };
}

/** What the ends of a strip's colours stand for. */
function scaleText({ most, end = most, least = 0, signed, ofRun = false }: Strip): string {
  const last = Number(end.toPrecision(3));
  const ends = signed ? `±${last}` : `${Number(least.toPrecision(3))} … ${last}`;
  return ofRun ? `this run: ${ends}` : ends;
}

/** Every shade, the most at the top. */
const PLAIN_BAR = Uint8Array.from(plainPalette.slice(1), (_, i) => SHADES + 1 - i);
const SIGNED_BAR = Uint8Array.from(signedPalette.slice(1), (_, i) => 2 * SHADES + 1 - i);

/** The colours of a strip beside it, from end to end; what they stand for is below its title. */
function drawBar(pen: Pen, { signed }: Strip, { x, y, height }: StripBox): void {
  const shades = signed ? SIGNED_BAR : PLAIN_BAR;
  pen.cells(x - BAR.away, y, BAR.width, height, 1, shades.length, shades, signed ? signedPalette : plainPalette);
}

/** The whole picture: what it shows changes with every tick. */
export function drawStrips(pen: Pen, scene: TimeStripsScene): void {
  const boxes = layoutStrips(scene, pen.width, pen.height);
  scene.strips.forEach((strip, i) => {
    const { x, y, width, height } = boxes[i]!;
    pen.rect(0, y, 16, 14, strip.ink);
    pen.text(8, y + 7, strip.letter, '--surface', { size: 11, bold: true, align: 'center' });
    const size = Math.min(12, (12 * TITLE.room) / textWidth(strip.title, 12));
    pen.text(TITLE.x, y + 7, strip.title, '--ink', { size });
    if (height >= LEAST_STRIP) pen.text(0, y + 19, scaleText(strip), '--ink-2', { size: 9 });
    if (height > 30) pen.text(0, y + 31, strip.note, '--ink-2', { size: 10 });
    pen.pattern(x, y, width, height, 'hatch', '--line');
    const cells = Uint8Array.from(strip.values, (value) => shade(value, strip));
    pen.cells(x, y, width, height, scene.columns, strip.rows, cells, strip.signed ? signedPalette : plainPalette);
    const crossed = drawNotFinite(pen, scene.columns, strip, boxes[i]!);
    drawBar(pen, strip, boxes[i]!);
    if (crossed && height > 42) pen.text(0, y + 43, `× ${strip.crossed ?? 'not a number'}`, '--bad', { size: 10 });
    pen.frame(x, y, width, height, '--line');
  });
  drawLinks(pen, scene, boxes);
  drawAxis(pen, scene, boxes);
  drawCursor(pen, scene, boxes);
}

/** An arrow from a column to the one that takes what it hands on, in the next strip. */
function drawLinks(pen: Pen, { links = [], columns }: TimeStripsScene, boxes: readonly StripBox[]): void {
  for (const { strip, from, to, broken } of links) {
    const [above, below] = [boxes[strip]!, boxes[strip + 1]!];
    const cell = above.width / columns;
    const start = above.x + (from + 1) * cell - Math.min(cell / 3, 16);
    const end = below.x + to * cell + Math.min(cell / 3, 16);
    const [top, tip] = [above.y + above.height - 4, below.y + 10];
    const ink = broken ? '--bad' : '--accent';
    pen.disc(start, top, 3, ink);
    pen.line([start, top, end, tip], ink, 2, broken ? [3, 3] : undefined);
    pen.line([end - 6, tip - 2, end, tip, end - 1, tip - 7], ink, 2);
  }
}

/** Crosses out every stretch of values that are NaN or ±∞. @returns whether there are any */
function drawNotFinite(pen: Pen, columns: number, { rows, values }: Strip, { x, y, width, height }: StripBox): boolean {
  const [cell, high] = [width / columns, height / rows];
  let any = false;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const from = column;
      while (column < columns && values[row * columns + column] === Number.POSITIVE_INFINITY) column++;
      if (column === from) {
        column++;
        continue;
      }
      any = true;
      const place = [x + from * cell, y + row * high, (column - from) * cell, high] as const;
      pen.rect(...place, '--bad-soft');
      pen.pattern(...place, 'cross', '--bad');
    }
  }
  return any;
}

function drawAxis(pen: Pen, scene: TimeStripsScene, boxes: readonly StripBox[]): void {
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last) return;
  const { columns, borders, stream } = scene;
  const at = (column: number) => first.x + (column / columns) * first.width;
  const bottom = last.y + last.height;
  for (const border of borders) pen.line([at(border), first.y, at(border), bottom], '--ink', 1.5);
  const cell = first.width / columns;
  if (stream) {
    drawStream(pen, stream, { from: first.x, cell, bottom });
    return;
  }
  const every = Math.max(1, Math.ceil(columns / Math.max(2, Math.floor(first.width / 60))));
  for (let column = 0; column < columns; column += every) {
    pen.text(at(column) + cell / 2, bottom + 12, String(column), '--ink-2', { size: 11, align: 'center', mono: true });
  }
  pen.text(0, bottom + 12, scene.unit ?? 'time step', '--ink-2', { size: 11 });
}

/** The tokens below the strips, those to remember set off, and what was answered. */
function drawStream(
  pen: Pen,
  stream: StripStream,
  { from, cell, bottom }: { from: number; cell: number; bottom: number },
): void {
  const form = labelForm(stream, cell);
  const answered = new Set(stream.answers.map(({ column }) => column));
  const taken: [number, number][] = [];
  const write = (label: string, column: number) => {
    const [x, marked] = [from + (column + 0.5) * cell, stream.marked.has(column)];
    if (marked) pen.rect(x - cell / 2 + 0.5, bottom + 2, Math.max(cell - 1, 2), 3, '--accent');
    if (form === 'marked only' && !marked && !answered.has(column)) return;
    const style = { size: 11, bold: marked } as const;
    const ink = marked ? '--ink' : '--ink-2';
    if (form === 'turned') {
      const text = shortened(label, MOST_LETTERS);
      const long = text.length * LETTER;
      pen.text(x - long / 2 + 3, bottom + 10 + long * 0.87, text, ink, { ...style, rotate: -60 });
      return;
    }
    const half = textWidth(label, 11, style) / 2;
    // Where columns are narrower than their words, those to remember go first.
    if (form === 'marked only' && taken.some(([left, right]) => x - half < right && left < x + half)) return;
    taken.push([x - half, x + half]);
    pen.text(x, bottom + 13, label, ink, { ...style, align: 'center' });
  };
  const isMarked = (column: number) => stream.marked.has(column);
  for (const first of [true, false])
    stream.labels.forEach((label, column) => {
      if (isMarked(column) === first) write(label, column);
    });
  pen.text(0, bottom + 13, 'token', '--ink-2', { size: 11 });
  if (stream.questions === 0) return;
  const y = pen.height - 24;
  pen.text(0, y, 'answered', '--ink-2', { size: 11 });
  let free = from - cell;
  for (const { column, text, right } of stream.answers) {
    const [x, ink] = [from + (column + 0.5) * cell, right ? '--good' : '--bad'] as const;
    const letters = Math.max(Math.floor(cell / LETTER), 1);
    const said = letters > 2 ? shortened(text, letters) : text.slice(0, letters);
    if (x - LETTER / 2 < free) continue;
    pen.text(x, y, said, ink, { size: 11, bold: true, align: 'center' });
    pen.text(x, y + 15, right ? '✓' : '✗', ink, { size: 11, bold: true, align: 'center' });
    free = x + LETTER / 2 + 2;
  }
}

function drawCursor(pen: Pen, scene: TimeStripsScene, boxes: readonly StripBox[]): void {
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last) return;
  const cell = first.width / scene.columns;
  if (scene.current !== null) {
    const x = first.x + scene.current * cell;
    pen.frame(x - 1, first.y - 2, cell + 2, last.y + last.height - first.y + 4, '--accent', 2);
  }
  if (!scene.selected) return;
  const { strip, row, column } = scene.selected;
  const box = boxes[strip]!;
  const high = box.height / scene.strips[strip]!.rows;
  const [x, y] = [box.x + column * cell, box.y + row * high];
  pen.frame(x - 1, y - 1, cell + 2, high + 2, '--ink', 2);
  pen.line([x + cell / 2, first.y, x + cell / 2, last.y + last.height], '--ink', 1, [2, 2]);
}

/** The value under a cell, or NaN. */
export function stripValue({ columns, strips }: TimeStripsScene, strip: number, row: number, column: number): number {
  return strips[strip]?.values[row * columns + column] ?? Number.NaN;
}
