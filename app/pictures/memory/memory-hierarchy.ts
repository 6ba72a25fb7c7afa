// HBM, SRAM and registers side by side: a bar per tensor with what was read and written, and paths along which bytes travel.
// Drawing, hit testing and the packets in flight; no React, no mechanism.

import { type Pen, textWidth } from '../../pens/pen.ts';
import { bytesText, valueText } from '../../words/quantities.ts';
import type { MemoryBar, MemoryRow } from './memory-rows.ts';

export type MemoryLevel = 'hbm' | 'sram' | 'registers';

export interface MemoryScene {
  tick: number;
  steps: number;
  hbm: MemoryBar[];
  sram: MemoryBar[];
  /** Workgroup memory the kernel declares. */
  declaredBytes: number;
  /** Of all recordings drawn side by side: the rows of each level, top to bottom, and the bytes that its longest bar stands for. */
  rows: { hbm: readonly MemoryRow[]; sram: readonly MemoryRow[] };
  longest: { hbm: number; sram: number };
  /**
   * The picked row's statistics as last recorded; null values before its first fold, and where no kernel records them. Without
   * `rescale` where a kernel records the others but has nothing to rescale.
   */
  registers: { row: number; recorded: boolean; m: number | null; l: number | null; rescale?: number | null };
  selected: string | null;
}

/** Bytes of one buffer moved between two levels. */
export interface MemoryFlow {
  buffer: number;
  from: MemoryLevel;
  to: MemoryLevel;
  bytes: number;
}

/** How the boxes stand: side by side, or HBM and SRAM on top of a strip of registers where three have no room for their figures. */
export interface MemoryLayout {
  boxes: Record<MemoryLevel, { x: number; y: number; width: number; height: number }>;
  stacked: boolean;
  /** Room for the titles of the boxes. */
  head: number;
  rowHeight: number;
  /** Space between HBM and SRAM, through which bytes travel. */
  gap: number;
}

const PAD = 10;
/** Least width of the picture at which three boxes stand beside one another. */
const THREE_BOXES = 600;
const REGISTERS = 132;
const STRIP = 26;
/** Way along the bottom from HBM to the registers and back, beneath SRAM. */
const CHANNEL = 16;
/** Rows lower than this have one line for both directions. */
const TWO_LINES = 26;
const TALLEST_ROW = 64;
const FIGURE = 11;

export function layoutMemory(scene: MemoryScene, width: number, height: number): MemoryLayout {
  const stacked = width < THREE_BOXES;
  const head = height < 240 ? 26 : 44;
  const rows = Math.max(scene.rows.hbm.length, scene.rows.sram.length, 3);
  const gap = stacked ? Math.max(18, width * 0.06) : Math.max(24, width * 0.08);
  const tall = height - 2 - (stacked ? STRIP + 8 : 0);
  const above = tall - (stacked ? 0 : CHANNEL);
  const registers = stacked ? width - 2 : Math.max(REGISTERS, (width - 2 * gap) * 0.22);
  const inner = width - 2 - (stacked ? gap : 2 * gap + registers);
  const hbm = inner * (stacked ? 0.5 : 0.55);
  return {
    boxes: {
      hbm: { x: 1, y: 1, width: hbm, height: tall },
      sram: { x: 1 + hbm + gap, y: 1, width: inner - hbm, height: above },
      registers: stacked
        ? { x: 1, y: height - 1 - STRIP, width: registers, height: STRIP }
        : { x: 1 + inner + 2 * gap, y: 1, width: registers, height: tall },
    },
    stacked,
    head,
    rowHeight: Math.min(TALLEST_ROW, (above - head - 4) / rows),
    gap,
  };
}

/** Height at which every row is as tall as it gets; more would stay empty. */
export function fullMemoryHeight(scene: MemoryScene): number {
  return 2 + 44 + 4 + CHANNEL + TALLEST_ROW * Math.max(scene.rows.hbm.length, scene.rows.sram.length, 3);
}

/** Vertical middle of a row. */
function rowY(layout: MemoryLayout, row: number): number {
  return layout.boxes.hbm.y + layout.head + (row + 0.5) * layout.rowHeight;
}

/** Buffer under a point, or null. */
export function hitMemory(scene: MemoryScene, layout: MemoryLayout, x: number, y: number): MemoryBar | null {
  const within = (level: MemoryLevel) =>
    x >= layout.boxes[level].x && x <= layout.boxes[level].x + layout.boxes[level].width;
  const bars = within('hbm') ? scene.hbm : within('sram') ? scene.sram : [];
  const row = Math.floor((y - layout.boxes.hbm.y - layout.head) / layout.rowHeight);
  return bars.find((bar) => bar.row === row) ?? null;
}

/** Surfaces and names; depends on the recording only. */
export function drawMemoryBase(pen: Pen, scene: MemoryScene): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  const declared = bytesText(scene.declaredBytes);
  const titles: Record<MemoryLevel, [title: string, ...beside: string[]]> = {
    hbm: ['HBM', 'storage buffers, bytes requested', 'bytes requested'],
    sram: ['SRAM', `${declared} declared per workgroup`, `${declared} a workgroup`, declared],
    registers: scene.registers.recorded ? ['Registers', 'as recorded'] : ['Registers'],
  };
  for (const level of ['hbm', 'sram', 'registers'] as const) {
    const { x, y, width, height } = layout.boxes[level];
    const surface = level === 'registers' ? 'register' : level;
    pen.rect(x, y, width, height, `--surface-${surface}`);
    pen.frame(x, y, width, height, `--line-${surface}`);
    if (level === 'registers' && layout.stacked) continue;
    const [title, ...beside] = titles[level];
    pen.text(x + PAD, y + 14, title, '--ink', { size: 14, bold: true });
    const below = layout.head > 30;
    const left = below ? 0 : textWidth(title, 14, { bold: true }) + 8;
    const words = beside.find((text) => textWidth(text, FIGURE) <= width - 2 * PAD - left);
    if (words) pen.text(x + PAD + left, y + (below ? 31 : 15), words, '--ink-2', { size: FIGURE });
  }
}

/** Bars, counters and registers after `scene.tick` steps. */
export function drawMemoryLive(pen: Pen, scene: MemoryScene): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  drawBars(pen, scene, layout, 'hbm', scene.hbm);
  drawBars(pen, scene, layout, 'sram', scene.sram);
  drawRegisters(pen, scene, layout);
}

function drawRegisters(pen: Pen, { registers }: MemoryScene, { boxes, stacked, head }: MemoryLayout): void {
  const { x, y, width } = boxes.registers;
  const { row, recorded, m, l, rescale } = registers;
  const values: [name: string, value: number | null][] = [
    ['m', m],
    ['ℓ', l],
    ...(rescale === undefined ? [] : [['rescale', rescale] satisfies [string, number | null]]),
  ];
  const shown = (value: number | null) => (value === null ? '–' : valueText(value));
  if (!recorded) {
    if (stacked) pen.text(x + 6, y + STRIP / 2, 'Registers: not recorded', '--ink-2', { size: FIGURE });
    else pen.text(x + PAD, y + head + 8, 'not recorded', '--ink-2', { size: FIGURE });
    return;
  }
  if (!stacked) {
    const apart = head > 30 ? 20 : 17;
    pen.text(x + PAD, y + head + 8, `row ${row}`, '--ink', { size: 12, bold: true });
    values.forEach(([name, value], i) => {
      const at = y + head + 10 + (i + 1) * apart;
      pen.text(x + PAD, at, name, '--tone-statistic-ink', { size: 12, mono: true });
      pen.text(x + width - PAD, at, shown(value), '--ink', { size: 12, mono: true, align: 'right' });
    });
    return;
  }
  // One line: each name stands right before its value, in cells as wide as their longest content.
  const middle = y + STRIP / 2;
  const size = width < 330 ? 10 : FIGURE;
  const rowWords = width < 250 ? String(row) : `row ${row}`;
  pen.text(x + 6, middle, rowWords, '--ink', { size, bold: true });
  let at = x + 6 + textWidth(rowWords, size, { bold: true }) + 8;
  const gaps = values.reduce(
    (rest, [name]) => rest - textWidth(`${name} −0.00000`, size, { mono: true }),
    x + width - 6 - at,
  );
  for (const [name, value] of values) {
    pen.text(at, middle, name, '--tone-statistic-ink', { size, mono: true });
    pen.text(at + textWidth(`${name} `, size, { mono: true }), middle, shown(value), '--ink', { size, mono: true });
    at += textWidth(`${name} −0.00000`, size, { mono: true }) + Math.max(gaps / values.length, 2);
  }
}

/** Least width of the longest bar, beside which figures get smaller. */
const LEAST_BAR = 8;
/** Figures smaller than this are hard to read. */
const LEAST_FIGURE = 9;

/** '8.2 KB', '26 KB', '393 KB': a digit less than elsewhere. */
export const shortBytes = (bytes: number) =>
  bytesText(bytes).replace(/\d+\.\d+/, (digits) => Number(digits).toFixed(Number(digits) < 9.95 ? 1 : 0));

/** A direction of a row: its counter's text is there whatever the room, only smaller. */
interface Direction {
  verb: 'read' | 'written';
  now: number;
  inAll: number;
  figure: string;
}

function drawBars(pen: Pen, scene: MemoryScene, layout: MemoryLayout, level: 'hbm' | 'sram', bars: MemoryBar[]): void {
  const { x, width } = layout.boxes[level];
  const { rowHeight } = layout;
  const longest = scene.longest[level];
  const oneLine = rowHeight < TWO_LINES;
  // Figures shrink before they would touch those of the next row.
  const fitting = Math.min(FIGURE, Math.max(oneLine ? rowHeight - 1 : rowHeight / 2 - 1, 7));
  const letterSize = Math.min(18, rowHeight - 1);
  const left = x + PAD + 24;
  const both = scene.rows[level].some(({ bothWays }) => bothWays);
  const widest = (figure: string) => (oneLine ? (both ? `→${figure} ⇥${figure}` : `→${figure}`) : `→ ${figure}`);
  const roomAt = (points: number, figure: string) => textWidth(widest(figure), points, { mono: true }) + 10;
  // One line can hold two figures: they shrink, too, before they would leave no bar, and lose a digit before they are hard to read.
  const sizeOf = (figure: string) =>
    Math.min(fitting, (fitting * (x + width - 6 - left - LEAST_BAR)) / roomAt(fitting, figure));
  const short = sizeOf('99.9 KB') < Math.min(fitting, LEAST_FIGURE);
  const longestFigure = short ? '999 KB' : '99.9 KB';
  const size = Math.max(sizeOf(longestFigure), 6);
  const room = roomAt(size, longestFigure);
  const right = Math.max(x + width - 6 - room, left + 4);
  const thick = oneLine ? Math.max(2, rowHeight / 2 - 3) : Math.min(12, rowHeight / 2 - 5);
  scene.rows[level].forEach(({ letter }, row) => {
    if (bars.some((bar) => bar.row === row)) return;
    // The run beside has it there, this one does not.
    const style = { size: Math.min(12, letterSize - 2), align: 'center' } as const;
    pen.text(x + PAD + 9, rowY(layout, row), letter, '--ink-2', style);
    pen.text(left + 6, rowY(layout, row), '–', '--ink-2', style);
  });
  for (const bar of bars) {
    const y = rowY(layout, bar.row);
    if (bar.name === scene.selected) pen.rect(x + 3, y - rowHeight / 2 + 1, width - 6, rowHeight - 2, '--accent-soft');
    drawLetter(pen, bar, x + PAD, y, letterSize);
    const arrows = level === 'hbm' ? ['→', '←'] : ['→', '⇥'];
    const text = short ? shortBytes : bytesText;
    const space = oneLine ? '' : ' ';
    const directions: Direction[] = [
      {
        verb: 'read',
        now: bar.readBytes,
        inAll: bar.readInAll,
        figure: `${arrows[0]}${space}${text(bar.readBytes)}`,
      },
      {
        verb: 'written',
        now: bar.writtenBytes,
        inAll: bar.writtenInAll,
        figure: `${arrows[1]}${space}${text(bar.writtenBytes)}`,
      },
    ];
    const style = { size, align: 'right' as const, mono: true };
    for (const { verb, now, inAll, figure } of directions) {
      if (inAll === 0) continue;
      const top = verb === 'read' ? y - thick - 1 : y + 1;
      const full = ((right - left) * inAll) / longest;
      pen.frame(left, top + 0.5, Math.max(full, 1), thick - 1, bar.ink, 1);
      pen.rect(left, top, (full * now) / inAll, thick, bar.ink);
      if (bar.pattern && verb === 'written')
        pen.pattern(left, top, (full * now) / inAll, thick, bar.pattern, '--surface');
      if (oneLine) continue;
      pen.text(x + width - 6, y + (verb === 'read' ? -0.5 : 0.5) * (size + 2), figure, '--ink', style);
    }
    if (!oneLine) continue;
    const figures = directions.filter(({ inAll }) => inAll > 0).map(({ figure }) => figure);
    pen.text(x + width - 6, y, figures.join(' '), '--ink', style);
  }
}

function drawLetter(pen: Pen, bar: MemoryBar, x: number, y: number, size: number): void {
  pen.rect(x, y - size / 2, 18, size, bar.ink);
  if (bar.pattern) pen.pattern(x, y - size / 2, 18, size, bar.pattern, '--surface');
  pen.rect(x + 3, y - size / 2 + 2, 12, size - 4, '--surface');
  pen.text(x + 9, y, bar.letter, '--ink', { size: Math.min(12, size - 2), align: 'center', bold: true });
}

/** Bytes on their way; `age` runs from 0 (left) to 1 (arrived). */
export interface Packet extends MemoryFlow {
  age: number;
}

/** Radius grows with the square root, so that area is proportional to bytes. */
function packetRadius(bytes: number, most: number): number {
  return 2.5 + 6.5 * Math.sqrt(bytes / most);
}

/** Draws packets along their ways; `most` is the largest flow of a step, for scale. */
export function drawPackets(pen: Pen, scene: MemoryScene, packets: readonly Packet[], most: number): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  for (const packet of packets) {
    const [x, y] = pointOn(flowPath(scene, layout, packet), packet.age * (2 - packet.age));
    pen.disc(x, y, packetRadius(packet.bytes, most), barOf(scene, packet.buffer)?.ink ?? '--ink-2', '--surface');
  }
}

/** The still form for reduced motion: one arrow per flow of the step, as thick as its share. */
export function drawFlowArrows(pen: Pen, scene: MemoryScene, flows: readonly MemoryFlow[], most: number): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  for (const flow of flows) {
    const path = flowPath(scene, layout, flow);
    const ink = barOf(scene, flow.buffer)?.ink ?? '--ink-2';
    pen.line(path, ink, 1 + 4 * Math.sqrt(flow.bytes / most));
    const [fromX, fromY, x, y] = path.slice(-4) as [number, number, number, number];
    const [alongX, alongY] = [Math.sign(x - fromX) * 7, Math.sign(y - fromY) * 7];
    const [besideX, besideY] = [(alongY / 7) * 5, (alongX / 7) * 5];
    const barb = (side: 1 | -1) => [x - alongX + side * besideX, y - alongY + side * besideY];
    pen.line([...barb(1), x, y, ...barb(-1)], ink, 2);
  }
}

/** The point at `share` of the way along a polyline. */
function pointOn(path: readonly number[], share: number): [number, number] {
  const lengths: number[] = [];
  for (let i = 2; i < path.length; i += 2)
    lengths.push(Math.hypot(path[i]! - path[i - 2]!, path[i + 1]! - path[i - 1]!));
  let rest = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of lengths.entries()) {
    if (rest > length && i + 1 < lengths.length) {
      rest -= length;
      continue;
    }
    const part = length === 0 ? 0 : rest / length;
    const [x, y, toX, toY] = path.slice(2 * i, 2 * i + 4) as [number, number, number, number];
    return [x + (toX - x) * part, y + (toY - y) * part];
  }
  return [path[0]!, path[1]!];
}

function barOf(scene: MemoryScene, buffer: number): MemoryBar | undefined {
  return scene.hbm.find((bar) => bar.buffer === buffer) ?? scene.sram.find((bar) => bar.buffer === buffer);
}

/**
 * The way of a flow, through the gaps between the boxes and never over one: from its own bar where the level has one, and in
 * registers, which have none, to their edge.
 */
export function flowPath(scene: MemoryScene, layout: MemoryLayout, flow: MemoryFlow): number[] {
  const own = barOf(scene, flow.buffer);
  const inHbm = scene.hbm.find((bar) => bar.buffer === flow.buffer)?.row;
  const inSram = scene.sram.find((bar) => bar.buffer === flow.buffer)?.row;
  // The array on chip that carries the same tensor's letter is where its tile lands.
  const twin = scene.sram.find((bar) => bar.letter === own?.letter)?.row;
  const { hbm, sram, registers } = layout.boxes;
  const hbmY = rowY(layout, inHbm ?? 0);
  const sramY = rowY(layout, inSram ?? twin ?? 0);
  // Ways of several tensors lie beside one another.
  const aside = 0.25 + 0.5 * ((Math.max(inHbm ?? 0, inSram ?? 0) % 5) / 4);
  const between = hbm.x + hbm.width + layout.gap * aside;
  const levels = [flow.from, flow.to];
  let path: number[];
  if (!levels.includes('registers')) {
    path = [hbm.x + hbm.width, hbmY, between, hbmY, between, sramY, sram.x, sramY];
  } else if (layout.stacked) {
    const [edge, y] = levels.includes('hbm') ? [hbm.x + hbm.width, hbmY] : [sram.x, sramY];
    path = [edge, y, between, y, between, registers.y];
  } else if (levels.includes('hbm')) {
    const bottom = sram.y + sram.height + CHANNEL / 2;
    path = [hbm.x + hbm.width, hbmY, between, hbmY, between, bottom, registers.x, bottom];
  } else {
    path = [sram.x + sram.width, sramY, registers.x, sramY];
  }
  // Paths are written outwards, from HBM to the registers.
  const order: MemoryLevel[] = ['hbm', 'sram', 'registers'];
  if (order.indexOf(flow.from) < order.indexOf(flow.to)) return path;
  const back: number[] = [];
  for (let i = path.length - 2; i >= 0; i -= 2) back.push(path[i]!, path[i + 1]!);
  return back;
}
