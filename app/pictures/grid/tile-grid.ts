// The score grid: query tokens down, key tokens across, one cell per tile. Drawing and hit testing; no React, no mechanism.

import { cividis } from '../../pens/cividis.ts';
import { diverging } from '../../pens/diverging.ts';
import { type Ink, type PaletteEntry, type Pen, textWidth } from '../../pens/pen.ts';
import { drawTurnedWord, LONGEST_WORD, reachOf, widestColumn } from '../../pens/turned-words.ts';
import { shortened } from '../../words/written-short.ts';

/** What a cell shows. `ahead` will be visited later in this recording; `never` will not, `missed` will not though the mask allows it. */
export const CELL = { ahead: 0, visited: 1, visitedLater: 2, repeated: 3, never: 4, missed: 5 } as const;

export interface TileGridScene {
  /** What lies along the axes: 'queries', 'keys'. */
  titles: { rows: string; columns: string };
  /** Tokens along the axes. */
  rows: number;
  columns: number;
  /** Tokens per cell. */
  tileRows: number;
  tileColumns: number;
  gridRows: number;
  gridColumns: number;
  /** One of CELL per cell, row-major. */
  state: Uint8Array;
  /** How often one dispatch has read the cell, at most. */
  times: Uint16Array;
  /** Cells that workgroups stand on; `running` marks the one whose step the cursor is at. */
  current: { cell: number; label: string; running: boolean }[];
  /** Per row: first visible key, one past the last. */
  visibleFrom: Uint32Array;
  visibleTo: Uint32Array;
  blocks?: { rows: number; columns: number; blockRows: number; blockColumns: number; open: Uint8Array };
  /** Values within the tiles, row-major over all tokens; NaN stays clear. Signed ones from −most to most, others from 0. */
  fill?: { values: Float32Array; most: number; signed: boolean };
  rowLabels?: string[];
  columnLabels?: string[];
  selectedRow: number | null;
  selectedCell: number | null;
  /** Tokens that a selection made elsewhere is about; null bounds reach over the whole axis. */
  linked: { rows: [number, number] | null; columns: [number, number] | null } | null;
}

export interface GridLayout {
  x: number;
  y: number;
  /** Pixels per token. */
  scaleX: number;
  scaleY: number;
}

const PALETTE: PaletteEntry[] = [];
PALETTE[CELL.ahead] = { ink: 'none', alpha: 0 };
PALETTE[CELL.visited] = { ink: '--tone-inner', alpha: 0.45 };
PALETTE[CELL.visitedLater] = { ink: '--tone-inner', alpha: 0.8 };
PALETTE[CELL.repeated] = { ink: '--warn', alpha: 0.85 };
PALETTE[CELL.never] = { ink: 'none', alpha: 0 };
PALETTE[CELL.missed] = { ink: '--bad', alpha: 0.18 };

const LABEL_SPACING = 11;
/** Words get a smaller size before some of them are left out. */
const SMALLEST_WORD = 9;
const TOP_MARGIN = 30;
/** Room for the word 'queries', and for four digits. */
const LEFT_MARGIN = 66;
const RIGHT_MARGIN = 6;
/** Pixels that words take beside their rows, bold as the picked one, and above their columns. */
const besideRows = (words: readonly string[]) =>
  8 + Math.max(...words.map((word) => textWidth(shortened(word, LONGEST_WORD), LABEL_SPACING, { bold: true })));
const aboveColumns = (words: readonly string[]) =>
  19 + 5.1 * Math.min(LONGEST_WORD, Math.max(2, ...words.map((word) => word.length)));
/** How much wider than high a token may be drawn, so that words across have room. */
const WIDEST_TOKEN = 1.6;
/** Cells smaller than this get no frame of their own. */
const FRAMED_CELL = 7;

/** Where the grid sits in a picture of `width` × `height`; tokens are square while there is room. */
export function layoutGrid(scene: TileGridScene, width: number, height: number): GridLayout {
  const left = Math.max(LEFT_MARGIN, besideRows(scene.rowLabels ?? []));
  const top = scene.columnLabels ? aboveColumns(scene.columnLabels) : TOP_MARGIN;
  const [room, words, columns] = [width - left, scene.columnLabels ?? [], Math.max(scene.columns, 1)];
  const scaleX = Math.max(Math.min((room - RIGHT_MARGIN) / columns, widestColumn(words, room)), 1 / columns);
  const scaleY = Math.max(height - top - 6, 1) / Math.max(scene.rows, 1);
  const square = Math.min(scaleX, scaleY);
  // A grid much longer than wide would vanish as squares, so its short side may stretch up to fourfold.
  const [wide, high] = scene.rows === scene.columns ? [WIDEST_TOKEN, 1] : [4, 4];
  const fits = { scaleX: Math.min(scaleX, square * wide), scaleY: Math.min(scaleY, square * high) };
  const reach = Math.max(fits.scaleX * columns + RIGHT_MARGIN, reachOf(words, fits.scaleX));
  const x = left + Math.max(0, (room - reach) / 2);
  return { x, y: top, ...fits };
}

/** Token and cell under a point; null outside the grid. */
export function hitGrid(
  scene: TileGridScene,
  layout: GridLayout,
  x: number,
  y: number,
): { row: number; column: number; cell: number } | null {
  const row = Math.floor((y - layout.y) / layout.scaleY);
  const column = Math.floor((x - layout.x) / layout.scaleX);
  if (row < 0 || column < 0 || row >= scene.rows || column >= scene.columns) return null;
  const cell = Math.floor(row / scene.tileRows) * scene.gridColumns + Math.floor(column / scene.tileColumns);
  return { row, column, cell };
}

function cellBox(scene: TileGridScene, layout: GridLayout, cell: number): [number, number, number, number] {
  const row = Math.floor(cell / scene.gridColumns);
  const column = cell % scene.gridColumns;
  const x = layout.x + column * scene.tileColumns * layout.scaleX;
  const y = layout.y + row * scene.tileRows * layout.scaleY;
  const right = layout.x + Math.min(scene.columns, (column + 1) * scene.tileColumns) * layout.scaleX;
  const bottom = layout.y + Math.min(scene.rows, (row + 1) * scene.tileRows) * layout.scaleY;
  return [x, y, right - x, bottom - y];
}

/** The layer no tick changes: axes, and crosses where a tile is missed. */
export function drawGridBase(pen: Pen, scene: TileGridScene): void {
  const layout = layoutGrid(scene, pen.width, pen.height);
  const width = scene.columns * layout.scaleX;
  const height = scene.rows * layout.scaleY;
  pen.rect(layout.x, layout.y, width, height, '--surface-2');
  drawRuns(scene, layout, CELL.missed, (x, y, w, h) => pen.pattern(x, y, w, h, 'cross', '--bad'));
  drawAxes(pen, scene, layout);
  pen.frame(layout.x, layout.y, width, height, '--line');
}

/** The layer of the moment: visited tiles, the mask's edge, tiles in work, the selection. */
export function drawGridLive(pen: Pen, scene: TileGridScene): void {
  const layout = layoutGrid(scene, pen.width, pen.height);
  const padX = scene.gridColumns * scene.tileColumns * layout.scaleX;
  const padY = scene.gridRows * scene.tileRows * layout.scaleY;
  if (padX === scene.columns * layout.scaleX && padY === scene.rows * layout.scaleY) {
    pen.cells(layout.x, layout.y, padX, padY, scene.gridColumns, scene.gridRows, scene.state, PALETTE);
  } else {
    drawRaggedCells(pen, scene, layout);
  }
  drawFill(pen, scene, layout);
  drawBlocks(pen, scene, layout);
  drawMasked(pen, scene, layout);
  // One sign a place: what is never visited has no dots, whatever the mask says of it.
  drawRuns(scene, layout, CELL.never, (...box) => drawNever(pen, box));
  drawCellLines(pen, scene, layout);
  drawMaskEdge(pen, scene, layout);
  drawRepeatMarks(pen, scene, layout);
  drawCurrent(pen, scene, layout);
  drawSelection(pen, scene, layout);
}

function drawNever(pen: Pen, box: [x: number, y: number, width: number, height: number]): void {
  pen.rect(...box, '--surface-3');
  pen.pattern(...box, 'hatch', '--line-strong');
}

function drawRuns(
  scene: TileGridScene,
  layout: GridLayout,
  state: number,
  draw: (x: number, y: number, width: number, height: number) => void,
): void {
  for (let row = 0; row < scene.gridRows; row++) {
    const at = row * scene.gridColumns;
    for (let start = 0; start < scene.gridColumns; start++) {
      if (scene.state[at + start] !== state) continue;
      let end = start;
      while (end + 1 < scene.gridColumns && scene.state[at + end + 1] === state) end += 1;
      const [x, y, , height] = cellBox(scene, layout, at + start);
      const [lastX, , lastWidth] = cellBox(scene, layout, at + end);
      draw(x, y, lastX + lastWidth - x, height);
      start = end;
    }
  }
}

/** With a short last tile the raster is no regular lattice: its full part is one raster, the edges are boxes. */
function drawRaggedCells(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const fullRows = Math.floor(scene.rows / scene.tileRows);
  const fullColumns = Math.floor(scene.columns / scene.tileColumns);
  const full = new Uint8Array(fullRows * fullColumns);
  for (let row = 0; row < fullRows; row++) {
    const at = row * scene.gridColumns;
    full.set(scene.state.subarray(at, at + fullColumns), row * fullColumns);
  }
  const width = fullColumns * scene.tileColumns * layout.scaleX;
  const height = fullRows * scene.tileRows * layout.scaleY;
  pen.cells(layout.x, layout.y, width, height, fullColumns, fullRows, full, PALETTE);
  for (let cell = 0; cell < scene.state.length; cell++) {
    if (Math.floor(cell / scene.gridColumns) < fullRows && cell % scene.gridColumns < fullColumns) continue;
    const { ink, alpha } = PALETTE[scene.state[cell]!]!;
    if (ink !== 'none') pen.rect(...cellBox(scene, layout, cell), ink as Ink, alpha);
  }
}

const SHADES = 62;
const filled = (shade: (share: number) => PaletteEntry['ink']): PaletteEntry[] => [
  { ink: 'none', alpha: 0 },
  ...Array.from({ length: SHADES }, (_, i) => ({ ink: shade(i / (SHADES - 1)), alpha: 1 })),
];
const plainFill = filled(cividis);
const signedFill = filled((share) => diverging(2 * share - 1));

/** What the tiles hold, element by element. */
function drawFill(pen: Pen, { fill, rows, columns }: TileGridScene, layout: GridLayout): void {
  if (!fill) return;
  const { values, most, signed } = fill;
  const [from, span] = signed ? [-most, 2 * most] : [0, most];
  const shades = Uint8Array.from(values, (value) =>
    Number.isFinite(value) ? 1 + Math.round(Math.min(Math.max((value - from) / span, 0), 1) * (SHADES - 1)) : 0,
  );
  const [width, height] = [columns * layout.scaleX, rows * layout.scaleY];
  pen.cells(layout.x, layout.y, width, height, columns, rows, shades, signed ? signedFill : plainFill);
}

function drawCellLines(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const right = layout.x + scene.columns * layout.scaleX;
  const bottom = layout.y + scene.rows * layout.scaleY;
  if (scene.tileColumns * layout.scaleX >= FRAMED_CELL) {
    for (let column = scene.tileColumns; column < scene.columns; column += scene.tileColumns) {
      const x = layout.x + column * layout.scaleX;
      pen.line([x, layout.y, x, bottom], '--line', 0.75);
    }
  }
  if (scene.tileRows * layout.scaleY >= FRAMED_CELL) {
    for (let row = scene.tileRows; row < scene.rows; row += scene.tileRows) {
      const y = layout.y + row * layout.scaleY;
      pen.line([layout.x, y, right, y], '--line', 0.75);
    }
  }
}

function drawAxes(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const { titles } = scene;
  pen.text(layout.x - 6, layout.y - 23, `${titles.columns} →`, '--ink-2', { size: 11, align: 'right' });
  pen.text(layout.x - 6, layout.y - 9, `${titles.rows} ↓`, '--ink-2', { size: 11, align: 'right' });
  const stepX = labelStep(layout.scaleX, scene.tileColumns, scene.columnLabels !== undefined, LABEL_SPACING);
  for (let column = 0; column < scene.columns; column += stepX) {
    const x = layout.x + (column + 0.5) * layout.scaleX;
    const word = scene.columnLabels?.[column];
    if (word !== undefined) drawTurnedWord(pen, x, layout.y, word);
    else pen.text(x, layout.y - 8, String(column), '--ink-2', { size: 11, align: 'center' });
  }
  const words = scene.rowLabels !== undefined;
  const size = words ? Math.min(Math.max(layout.scaleY, SMALLEST_WORD), LABEL_SPACING) : LABEL_SPACING;
  for (const row of labelledRows(scene, layout.scaleY, size)) {
    const y = layout.y + (row + 0.5) * layout.scaleY;
    const word = scene.rowLabels?.[row];
    const bold = row === scene.selectedRow;
    if (word !== undefined)
      pen.text(layout.x - 6, y, shortened(word, LONGEST_WORD), '--ink', { size, align: 'right', bold });
    else pen.text(layout.x - 6, y, String(row), bold ? '--ink' : '--ink-2', { size, align: 'right', bold });
  }
}

/** Rows that are named: evenly many, and always the picked one, for which those too close to it give way. */
export function labelledRows(scene: TileGridScene, scale: number, size: number): number[] {
  const step = labelStep(scale, scene.tileRows, scene.rowLabels !== undefined, size);
  const picked = scene.selectedRow !== null && scene.selectedRow < scene.rows ? scene.selectedRow : null;
  const rows: number[] = [];
  for (let row = 0; row < scene.rows; row += step)
    if (picked === null || row === picked || Math.abs(row - picked) * scale >= size) rows.push(row);
  if (picked !== null && picked % step !== 0) rows.push(picked);
  return rows;
}

/** How many tokens apart labels stand, evenly: a divisor of the tile or a whole number of tiles, so that tiles begin with one. */
export function labelStep(scale: number, tile: number, words: boolean, size = LABEL_SPACING): number {
  const spacing = words ? size : 22;
  const whole = Math.max(tile, 1);
  const least = words ? Math.max(1, Math.ceil(spacing / scale)) : Math.max(whole, Math.ceil(spacing / scale));
  let step = whole;
  if (least > whole) {
    while (step < least) step *= 2;
    return step;
  }
  for (let divisor = whole; divisor >= least; divisor--) if (whole % divisor === 0) step = divisor;
  return step;
}

/** The edge of what the mask lets each row see. */
function drawMaskEdge(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const edge = (ends: Uint32Array, trivial: number) => {
    if (ends.every((end) => end === trivial)) return;
    const points: number[] = [];
    ends.forEach((end, row) => {
      const x = layout.x + end * layout.scaleX;
      points.push(x, layout.y + row * layout.scaleY, x, layout.y + (row + 1) * layout.scaleY);
    });
    pen.line(points, '--tone-fixed', 1.5, [4, 2]);
  };
  edge(scene.visibleTo, scene.columns);
  edge(scene.visibleFrom, 0);
}

/** Whether the mask hides some keys from some rows: then the picture has dots. */
export function hasMasked({ visibleFrom, visibleTo, columns, blocks }: TileGridScene): boolean {
  return (
    visibleFrom.some((from) => from > 0) || visibleTo.some((to) => to < columns) || (blocks?.open.includes(0) ?? false)
  );
}

/** What the mask hides, inside visited tiles too: dotted, and paler than what was used. */
function drawMasked(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const { rows, columns, visibleFrom, visibleTo } = scene;
  // Rows that end alike are one box, and rows thinner than a pixel go with the one before.
  const least = Math.max(1, Math.ceil(1 / layout.scaleY));
  for (let row = 0; row < rows; ) {
    const [from, to] = [visibleFrom[row]!, Math.max(visibleTo[row]!, visibleFrom[row]!)];
    let past = Math.min(row + least, rows);
    while (past < rows && visibleFrom[past] === visibleFrom[row] && visibleTo[past] === visibleTo[row]) past += 1;
    for (const [left, right] of [
      [0, Math.min(from, columns)],
      [to, columns],
    ] as const) {
      if (right > left) dotted(pen, layout, left, row, right, past);
    }
    row = past;
  }
}

/** Keys [k0, k1) × queries [q0, q1). */
function dotted(pen: Pen, layout: GridLayout, k0: number, q0: number, k1: number, q1: number): void {
  const [x, y] = [layout.x + k0 * layout.scaleX, layout.y + q0 * layout.scaleY];
  const [width, height] = [(k1 - k0) * layout.scaleX, (q1 - q0) * layout.scaleY];
  pen.rect(x, y, width, height, '--surface-2', 0.55);
  pen.pattern(x, y, width, height, 'dots', '--tone-fixed');
}

/** Closed blocks of a painted mask: dotted. */
function drawBlocks(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const { blocks } = scene;
  if (!blocks) return;
  for (let row = 0; row < blocks.rows; row++) {
    for (let column = 0; column < blocks.columns; column++) {
      if (blocks.open[row * blocks.columns + column]) continue;
      const [k0, q0] = [column * blocks.blockColumns, row * blocks.blockRows];
      const [k1, q1] = [Math.min(scene.columns, k0 + blocks.blockColumns), Math.min(scene.rows, q0 + blocks.blockRows)];
      if (k1 > k0 && q1 > q0) dotted(pen, layout, k0, q0, k1, q1);
    }
  }
}

function drawRepeatMarks(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  if (Math.min(scene.tileColumns * layout.scaleX, scene.tileRows * layout.scaleY) < 14) return;
  scene.state.forEach((state, cell) => {
    if (state !== CELL.repeated && state !== CELL.missed) return;
    const [x, y, width, height] = cellBox(scene, layout, cell);
    const [mark, ink] =
      state === CELL.repeated ? [`×${scene.times[cell]}`, '--surface' as const] : ['!', '--ink' as const];
    pen.text(x + width / 2, y + height / 2, mark, ink, { size: 12, align: 'center', bold: true });
  });
}

function drawCurrent(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  for (const { cell, label, running } of scene.current) {
    const [x, y, width, height] = cellBox(scene, layout, cell);
    if (running) pen.rect(x, y, width, height, '--accent', 0.35);
    const thick = running ? 2.5 : 1.5;
    if (width > 4 && height > 4) pen.frame(x + 1, y + 1, width - 2, height - 2, '--accent', thick);
    else pen.rect(x - 1, y - 1, Math.max(width, 2) + 2, Math.max(height, 2) + 2, '--accent');
    if (width > 30 && height > 16) pen.text(x + 5, y + 10, label, '--ink', { size: 11, mono: true, bold: running });
  }
}

function drawSelection(pen: Pen, scene: TileGridScene, layout: GridLayout): void {
  const { selectedRow, selectedCell } = scene;
  if (selectedRow !== null && selectedRow < scene.rows) {
    const y = layout.y + selectedRow * layout.scaleY;
    const height = Math.max(layout.scaleY, 2);
    pen.frame(layout.x - 3, y, scene.columns * layout.scaleX + 6, height, '--ink', 1);
  }
  if (selectedCell !== null) {
    const [x, y, width, height] = cellBox(scene, layout, selectedCell);
    pen.frame(x, y, width, height, '--ink', 2, [3, 2]);
  }
  if (scene.linked) {
    const [q0, q1] = within(scene.linked.rows, scene.rows);
    const [k0, k1] = within(scene.linked.columns, scene.columns);
    const [x, y] = [layout.x + k0 * layout.scaleX, layout.y + q0 * layout.scaleY];
    pen.frame(x, y, Math.max((k1 - k0) * layout.scaleX, 2), Math.max((q1 - q0) * layout.scaleY, 2), '--ink', 2, [4, 2]);
  }
}

function within(span: [number, number] | null, end: number): [number, number] {
  return span ? [Math.min(span[0], end), Math.min(span[1], end)] : [0, end];
}
