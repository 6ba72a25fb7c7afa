// HBM, SRAM and registers side by side: a bar per tensor with what was read and written, and paths along which bytes travel.
// Drawing, hit testing and the packets in flight; no React, no mechanism.

import type { Ink, Pattern, Pen } from './pen.ts';
import { bytesText, memoryText, valueText } from './quantities.ts';

export type MemoryLevel = 'hbm' | 'sram' | 'registers';

export interface MemoryBar {
  /** Index into `trace.buffers`. */
  buffer: number;
  name: string;
  letter: string;
  ink: Ink;
  pattern: Pattern | null;
  title: string;
  sizeBytes: number;
  readBytes: number;
  writtenBytes: number;
  readInAll: number;
  writtenInAll: number;
}

export interface MemoryScene {
  tick: number;
  steps: number;
  hbm: MemoryBar[];
  sram: MemoryBar[];
  /** Workgroup memory the kernel declares. */
  declaredBytes: number;
  /** The picked row's statistics as last recorded; null values before its first fold. */
  registers: { row: number; m: number | null; l: number | null; rescale: number | null };
  selected: string | null;
}

/** Bytes of one buffer moved between two levels. */
export interface MemoryFlow {
  buffer: number;
  from: MemoryLevel;
  to: MemoryLevel;
  bytes: number;
}

export interface MemoryLayout {
  boxes: Record<MemoryLevel, { x: number; y: number; width: number; height: number }>;
  rowHeight: number;
}

const HEAD = 44;
const PAD = 10;

export function layoutMemory(scene: MemoryScene, width: number, height: number): MemoryLayout {
  const gap = Math.max(24, width * 0.08);
  const inner = width - 2 * gap - 2;
  const wide = inner * 0.44;
  const middle = inner * 0.34;
  const box = (x: number, w: number) => ({ x, y: 1, width: w, height: height - 2 });
  const rows = Math.max(scene.hbm.length, scene.sram.length, 3);
  return {
    boxes: {
      hbm: box(1, wide),
      sram: box(1 + wide + gap, middle),
      registers: box(1 + wide + middle + 2 * gap, inner - wide - middle),
    },
    rowHeight: Math.min(64, (height - HEAD - PAD) / rows),
  };
}

/** Vertical middle of bar `i`. */
function barY(layout: MemoryLayout, i: number): number {
  return layout.boxes.hbm.y + HEAD + (i + 0.5) * layout.rowHeight;
}

/** Buffer under a point, or null. */
export function hitMemory(scene: MemoryScene, layout: MemoryLayout, x: number, y: number): MemoryBar | null {
  const within = (level: MemoryLevel) =>
    x >= layout.boxes[level].x && x <= layout.boxes[level].x + layout.boxes[level].width;
  const bars = within('hbm') ? scene.hbm : within('sram') ? scene.sram : [];
  return bars[Math.floor((y - layout.boxes.hbm.y - HEAD) / layout.rowHeight)] ?? null;
}

/** Surfaces and names; depends on the recording only. */
export function drawMemoryBase(pen: Pen, scene: MemoryScene): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  const titles: Record<MemoryLevel, [string, string]> = {
    hbm: ['HBM', 'storage buffers, bytes requested'],
    sram: ['SRAM', `${memoryText(scene.declaredBytes)} declared per workgroup`],
    registers: ['Registers', 'as probed'],
  };
  for (const level of ['hbm', 'sram', 'registers'] as const) {
    const { x, y, width, height } = layout.boxes[level];
    const surface = level === 'registers' ? 'register' : level;
    pen.rect(x, y, width, height, `--surface-${surface}`);
    pen.frame(x, y, width, height, `--line-${surface}`);
    pen.text(x + PAD, y + 14, titles[level][0], '--ink', { size: 14, bold: true });
    if (width > 120) pen.text(x + PAD, y + 31, titles[level][1], '--ink-2', { size: 11 });
  }
}

/** Bars, counters and registers after `scene.tick` steps. */
export function drawMemoryLive(pen: Pen, scene: MemoryScene): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  drawBars(pen, scene, layout, 'hbm', scene.hbm);
  drawBars(pen, scene, layout, 'sram', scene.sram);
  const { x, y, width } = layout.boxes.registers;
  const { row, m, l, rescale } = scene.registers;
  const lines: [string, number | null][] = [
    ['m', m],
    ['ℓ', l],
    ['rescale', rescale],
  ];
  pen.text(x + PAD, y + HEAD + 8, `row ${row}`, '--ink', { size: 12, bold: true });
  lines.forEach(([name, value], i) => {
    const at = y + HEAD + 30 + i * 20;
    pen.text(x + PAD, at, name, '--tensor-stat-ink', { size: 12, mono: true });
    const shown = value === null ? '–' : valueText(value);
    pen.text(x + width - PAD, at, shown, '--ink', { size: 12, mono: true, align: 'right' });
  });
}

function drawBars(pen: Pen, scene: MemoryScene, layout: MemoryLayout, level: 'hbm' | 'sram', bars: MemoryBar[]): void {
  const { x, width } = layout.boxes[level];
  const longest = Math.max(1, ...bars.map((bar) => Math.max(bar.readInAll, bar.writtenInAll)));
  const left = x + PAD + 24;
  const narrow = width < 180;
  const right = x + width - PAD - (narrow ? 0 : 78);
  const thick = Math.min(12, Math.max(3, layout.rowHeight / 2 - 5));
  bars.forEach((bar, i) => {
    const y = barY(layout, i);
    if (bar.name === scene.selected)
      pen.rect(x + 3, y - layout.rowHeight / 2 + 1, width - 6, layout.rowHeight - 2, '--accent-soft');
    pen.rect(x + PAD, y - 9, 18, 18, bar.ink);
    if (bar.pattern) pen.pattern(x + PAD, y - 9, 18, 18, bar.pattern, '--surface');
    pen.rect(x + PAD + 3, y - 7, 12, 14, '--surface');
    pen.text(x + PAD + 9, y, bar.letter, '--ink', { size: 12, align: 'center', bold: true });
    const lanes = [
      [bar.readBytes, bar.readInAll, y - thick - 1, 'read'],
      [bar.writtenBytes, bar.writtenInAll, y + 1, 'written'],
    ] as const;
    for (const [now, inAll, top, verb] of lanes) {
      if (inAll === 0) continue;
      const full = ((right - left) * inAll) / longest;
      pen.frame(left, top + 0.5, Math.max(full, 1), thick - 1, bar.ink, 1);
      pen.rect(left, top, (full * now) / inAll, thick, bar.ink);
      if (bar.pattern && verb === 'written')
        pen.pattern(left, top, (full * now) / inAll, thick, bar.pattern, '--surface');
      if (narrow) continue;
      const arrow = level === 'hbm' ? (verb === 'read' ? '→' : '←') : verb === 'read' ? '→' : '⇥';
      pen.text(x + width - PAD, top + thick / 2, `${arrow} ${bytesText(now)}`, '--ink', {
        size: 11,
        align: 'right',
        mono: true,
      });
    }
  });
}

/** Bytes on their way; `age` runs from 0 (left) to 1 (arrived). */
export interface Packet extends MemoryFlow {
  age: number;
}

/** Radius grows with the square root, so that area is proportional to bytes. */
function packetRadius(bytes: number, most: number): number {
  return 2.5 + 6.5 * Math.sqrt(bytes / most);
}

/** Draws packets along the straight way from bar to bar; `most` is the largest flow of a step, for scale. */
export function drawPackets(pen: Pen, scene: MemoryScene, packets: readonly Packet[], most: number): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  for (const packet of packets) {
    const [from, to] = packetEnds(scene, layout, packet);
    const eased = packet.age * (2 - packet.age);
    const bar = barOf(scene, packet.buffer);
    const radius = packetRadius(packet.bytes, most);
    pen.disc(
      from.x + (to.x - from.x) * eased,
      from.y + (to.y - from.y) * eased,
      radius,
      bar?.ink ?? '--ink-2',
      '--surface',
    );
  }
}

/** The still form for reduced motion: one arrow per flow of the step, as thick as its share. */
export function drawFlowArrows(pen: Pen, scene: MemoryScene, flows: readonly MemoryFlow[], most: number): void {
  const layout = layoutMemory(scene, pen.width, pen.height);
  for (const flow of flows) {
    const [from, to] = packetEnds(scene, layout, flow);
    const ink = barOf(scene, flow.buffer)?.ink ?? '--ink-2';
    pen.line([from.x, from.y, to.x, to.y], ink, 1 + 4 * Math.sqrt(flow.bytes / most));
    const side = Math.sign(to.x - from.x);
    pen.line([to.x - 7 * side, to.y - 5, to.x, to.y, to.x - 7 * side, to.y + 5], ink, 2);
  }
}

function barOf(scene: MemoryScene, buffer: number): MemoryBar | undefined {
  return scene.hbm.find((bar) => bar.buffer === buffer) ?? scene.sram.find((bar) => bar.buffer === buffer);
}

/** Where a flow leaves and arrives: at its own bar where the level has one, else at the level's edge at the same height. */
function packetEnds(
  scene: MemoryScene,
  layout: MemoryLayout,
  flow: MemoryFlow,
): [{ x: number; y: number }, { x: number; y: number }] {
  const own = barOf(scene, flow.buffer);
  const inHbm = scene.hbm.findIndex((bar) => bar.buffer === flow.buffer);
  const inSram = scene.sram.findIndex((bar) => bar.buffer === flow.buffer);
  // The array on chip that carries the same tensor's letter is where its tile lands.
  const twin = scene.sram.findIndex((bar) => bar.letter === own?.letter);
  const rows: Record<MemoryLevel, number> = {
    hbm: inHbm,
    sram: inSram >= 0 ? inSram : twin,
    registers: inHbm >= 0 ? inHbm : inSram,
  };
  const order: MemoryLevel[] = ['hbm', 'sram', 'registers'];
  const forward = order.indexOf(flow.to) > order.indexOf(flow.from);
  const end = (level: MemoryLevel, leaving: boolean) => {
    const { x, width } = layout.boxes[level];
    const rightSide = leaving === forward;
    return { x: rightSide ? x + width - 2 : x + 2, y: barY(layout, Math.max(rows[level], 0)) };
  };
  return [end(flow.from, true), end(flow.to, false)];
}
