// Strips of values over one shared time axis: a row per state (or per anything), a column per time step. What has not happened yet
// is hatched; what is no finite number is crossed out. Drawing and hit testing; no React, no mechanism.

import { cividis } from './cividis.ts';
import { diverging } from './diverging.ts';
import type { Ink, PaletteEntry, Pen } from './pen.ts';

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
  /** Largest magnitude over the whole run, so that colours do not change while it plays. */
  most: number;
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
  /** A label per column, where the input has one. */
  labels?: readonly string[];
}

const SHADES = 60;
const LEFT = 96;
const RIGHT = 8;
const GAP = 10;
const FOOT = 26;
const HEAD = 4;

const signedPalette: PaletteEntry[] = [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: 2 * SHADES + 1 }, (_, i) => ({ ink: diverging((i - SHADES) / SHADES), alpha: 1 })),
];
const plainPalette: PaletteEntry[] = [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: SHADES + 1 }, (_, i) => ({ ink: cividis(i / SHADES), alpha: 1 })),
];

function shade(value: number, { most, signed }: Strip): number {
  if (!Number.isFinite(value)) return 0;
  const share = most > 0 ? Math.min(Math.max(value / most, -1), 1) : 0;
  return signed ? 1 + SHADES + Math.round(share * SHADES) : 1 + Math.round(Math.max(share, 0) * SHADES);
}

export interface StripBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Heights grow with the square root of the rows, so that one row stays visible beside sixteen. */
export function layoutStrips(scene: TimeStripsScene, width: number, height: number): StripBox[] {
  const weights = scene.strips.map(({ rows }) => Math.sqrt(rows) + 0.6);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const room = Math.max(height - HEAD - FOOT - GAP * (scene.strips.length - 1), scene.strips.length * 6);
  let y = HEAD;
  return weights.map((weight) => {
    const box = { x: LEFT, y, width: Math.max(width - LEFT - RIGHT, 10), height: (room * weight) / whole };
    y += box.height + GAP;
    return box;
  });
}

export function hitStrips(
  scene: TimeStripsScene,
  boxes: readonly StripBox[],
  x: number,
  y: number,
): { strip: number; row: number; column: number } | null {
  for (const [strip, box] of boxes.entries()) {
    if (x < box.x || x >= box.x + box.width || y < box.y || y >= box.y + box.height) continue;
    const { rows } = scene.strips[strip]!;
    return {
      strip,
      row: Math.floor(((y - box.y) / box.height) * rows),
      column: Math.floor(((x - box.x) / box.width) * scene.columns),
    };
  }
  return null;
}

/** The whole picture: what it shows changes with every tick. */
export function drawStrips(pen: Pen, scene: TimeStripsScene): void {
  const boxes = layoutStrips(scene, pen.width, pen.height);
  scene.strips.forEach((strip, i) => {
    const { x, y, width, height } = boxes[i]!;
    pen.rect(0, y, 16, 16, strip.ink);
    pen.text(8, y + 8, strip.letter, '--surface', { size: 11, bold: true, align: 'center' });
    pen.text(22, y + 8, strip.title, '--ink', { size: 12 });
    if (height > 34) pen.text(0, y + 26, strip.note, '--ink-2', { size: 10 });
    pen.pattern(x, y, width, height, 'hatch', '--line');
    const cells = Uint8Array.from(strip.values, (value) => shade(value, strip));
    pen.cells(x, y, width, height, scene.columns, strip.rows, cells, strip.signed ? signedPalette : plainPalette);
    const crossed = drawNotFinite(pen, scene.columns, strip, boxes[i]!);
    if (crossed && height > 50) pen.text(0, y + 42, `× ${strip.crossed ?? 'not a number'}`, '--bad', { size: 10 });
    pen.frame(x, y, width, height, '--line');
  });
  drawAxis(pen, scene, boxes);
  drawCursor(pen, scene, boxes);
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

function drawAxis(pen: Pen, { columns, borders, labels }: TimeStripsScene, boxes: readonly StripBox[]): void {
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last) return;
  const at = (column: number) => first.x + (column / columns) * first.width;
  const bottom = last.y + last.height;
  for (const border of borders) pen.line([at(border), first.y, at(border), bottom], '--ink', 1.5);
  const cell = first.width / columns;
  if (labels && cell >= 13) {
    labels.slice(0, columns).forEach((label, column) => {
      const text = label.length * 6.5 > cell ? label.slice(0, Math.max(1, Math.floor(cell / 7))) : label;
      pen.text(at(column) + cell / 2, bottom + 12, text, '--ink-2', { size: 11, align: 'center' });
    });
    return;
  }
  const every = Math.max(1, Math.ceil(columns / Math.max(2, Math.floor(first.width / 60))));
  for (let column = 0; column < columns; column += every) {
    pen.text(at(column) + cell / 2, bottom + 12, String(column), '--ink-2', { size: 11, align: 'center', mono: true });
  }
  pen.text(0, bottom + 12, 'time step', '--ink-2', { size: 11 });
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
