// Heat maps of counts, one panel per tensor, on one common scale. Drawing and hit testing; no React, no mechanism.

import { cividis } from '../../pens/cividis.ts';
import { type Ink, type PaletteEntry, type Pen, textWidth } from '../../pens/pen.ts';
import { countText } from '../../words/quantities.ts';

export interface HeatPanel {
  buffer: string;
  letter: string;
  ink: Ink;
  title: string;
  verb: 'read' | 'written';
  rows: number;
  columns: number;
  /** Row-major counts. */
  counts: Uint32Array;
  most: number;
  least: number;
  mean: number;
  /** Element (r, c) is word offset + r · rowStride + c of the buffer. */
  offset: number;
  rowStride: number;
}

export interface HeatScene {
  panels: HeatPanel[];
  /** Per panel: rows the running tile lies on. */
  lit: ([number, number] | null)[];
  /** Per panel: rows that belong to the selection. */
  linked: ([number, number] | null)[];
  selected: { panel: number; row: number; column: number } | null;
  selectedBuffer: string | null;
  /** The count that the lightest shade stands for: the largest of all recordings drawn side by side. */
  most: number;
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

/** Value 0 is "never"; 1 … SHADES run from once to the largest count of all panels, of all pictures side by side. */
const palette: PaletteEntry[] = [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: SHADES }, (_, i) => ({
    ink: cividis(0.08 + (0.92 * i) / (SHADES - 1)),
    alpha: 1,
  })),
];

function shadeOf(count: number, most: number): number {
  return count === 0 ? 0 : 1 + Math.round(((count - 1) / Math.max(most - 1, 1)) * (SHADES - 1));
}

/** A box per panel: side by side, in two rows when there is no room. */
export function layoutHeat(scene: HeatScene, width: number, height: number): HeatBox[] {
  const count = scene.panels.length;
  if (count === 0) return [];
  const lines = width / count < 110 && count > 2 ? 2 : 1;
  const perLine = Math.ceil(count / lines);
  const lineHeight = (height - SCALE_HEIGHT - GAP * (lines - 1)) / lines;
  return scene.panels.map((_, i) => {
    const line = Math.floor(i / perLine);
    const onLine = scene.panels.slice(line * perLine, (line + 1) * perLine);
    // Widths follow the square root of the columns, so that a [n × n] tensor does not crush a [n × d] one.
    const weights = onLine.map(({ columns }) => Math.sqrt(Math.max(columns, 12)));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const inner = width - 2 * INSET - GAP * (onLine.length - 1);
    const at = i - line * perLine;
    const before = weights.slice(0, at).reduce((sum, weight) => sum + weight, 0);
    return {
      x: INSET + (inner * before) / whole + GAP * at,
      y: line * (lineHeight + GAP) + HEAD,
      width: (inner * weights[at]!) / whole,
      height: Math.max(lineHeight - HEAD, 4),
    };
  });
}

export function hitHeat(
  scene: HeatScene,
  boxes: HeatBox[],
  x: number,
  y: number,
): { panel: number; row: number; column: number } | null {
  for (const [panel, box] of boxes.entries()) {
    if (x < box.x || y < box.y || x >= box.x + box.width || y >= box.y + box.height) continue;
    const { rows, columns } = scene.panels[panel]!;
    return {
      panel,
      row: Math.floor(((y - box.y) / box.height) * rows),
      column: Math.floor(((x - box.x) / box.width) * columns),
    };
  }
  return null;
}

/** Everything but the lights; no tick changes it. */
export function drawHeatBase(pen: Pen, scene: HeatScene): void {
  const boxes = layoutHeat(scene, pen.width, pen.height);
  scene.panels.forEach((panel, i) => {
    const { x, y, width, height } = boxes[i]!;
    pen.rect(x, y - HEAD + 2, 16, 16, panel.ink);
    pen.text(x + 8, y - HEAD + 10, panel.letter, '--surface', { size: 11, bold: true, align: 'center' });
    const fitting = (texts: string[], size: number, room: number) =>
      texts.find((text) => textWidth(text, size) <= room) ?? texts.at(-1)!;
    const verb = fitting([panel.verb, panel.verb === 'read' ? '→' : '←'], 12, width - 22 + GAP / 2);
    pen.text(x + 22, y - HEAD + 10, verb, '--ink', { size: 12 });
    const mean = panel.mean >= 100 ? countText(Math.round(panel.mean)) : panel.mean.toFixed(1);
    const most = countText(panel.most);
    const counts = fitting([`max ${most} · mean ${mean}`, `max ${most}`, `×${most}`], 11, width + GAP / 2);
    pen.text(x, y - 9, counts, '--ink-2', { size: 11 });
    pen.pattern(x, y, width, height, 'hatch', '--line');
    const values = new Uint8Array(panel.counts.length);
    for (let at = 0; at < values.length; at++) values[at] = shadeOf(panel.counts[at]!, scene.most);
    pen.cells(x, y, width, height, panel.columns, panel.rows, values, palette);
    pen.frame(x, y, width, height, '--line');
  });
  drawScale(pen, scene.most);
}

/** The common scale: never, once … the largest count. */
function drawScale(pen: Pen, most: number): void {
  const y = pen.height - 16;
  const width = Math.min(180, pen.width / 3);
  pen.pattern(2, y, 14, 10, 'hatch', '--line-strong');
  pen.text(20, y + 5, 'never', '--ink-2', { size: 11 });
  pen.text(64, y + 5, 'once', '--ink-2', { size: 11 });
  const shades = most === 1 ? 1 : SHADES;
  const length = most === 1 ? 14 : width;
  const values = Uint8Array.from({ length: shades }, (_, i) => i + 1);
  pen.cells(94, y, length, 10, shades, 1, values, palette);
  if (most > 1) pen.text(100 + length, y + 5, `${countText(most)} times`, '--ink-2', { size: 11 });
}

/** The rows of the running tile and the selected element. */
export function drawHeatLive(pen: Pen, scene: HeatScene): void {
  const boxes = layoutHeat(scene, pen.width, pen.height);
  scene.lit.forEach((lit, i) => {
    const { x, y, width, height } = boxes[i]!;
    const { rows, buffer } = scene.panels[i]!;
    if (buffer === scene.selectedBuffer) pen.frame(x - 3, y - 3, width + 6, height + 6, '--ink', 1.5);
    if (!lit) return;
    const [from, to] = [Math.min(lit[0], rows), Math.min(lit[1], rows)];
    const top = y + (from / rows) * height;
    pen.frame(x - 1.5, top, width + 3, Math.max(((to - from) / rows) * height, 2), '--accent', 2);
  });
  scene.linked.forEach((linked, i) => {
    if (!linked) return;
    const { x, y, width, height } = boxes[i]!;
    const { rows } = scene.panels[i]!;
    const [from, to] = [Math.min(linked[0], rows), Math.min(linked[1], rows)];
    pen.frame(
      x - 3,
      y + (from / rows) * height,
      width + 6,
      Math.max(((to - from) / rows) * height, 2),
      '--ink',
      1.5,
      [4, 2],
    );
  });
  if (!scene.selected) return;
  const { panel, row, column } = scene.selected;
  const { x, y, width, height } = boxes[panel]!;
  const { rows, columns } = scene.panels[panel]!;
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  pen.frame(x + column * cellWidth - 1, y + row * cellHeight - 1, cellWidth + 2, cellHeight + 2, '--ink', 2);
  pen.frame(x - 1, y + row * cellHeight, width + 2, Math.max(cellHeight, 2), '--ink', 1, [2, 2]);
}
