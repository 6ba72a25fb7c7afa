// What several runs moved, as stacked horizontal bars: one bar per run and memory, a segment per tensor. Drawing and hit testing.

import type { Ink, Pattern, Pen } from '../../pens/pen.ts';
import { bytesText } from '../../words/quantities.ts';

export interface TrafficSegment {
  buffer: string;
  letter: string;
  title: string;
  ink: Ink;
  pattern: Pattern | null;
  bytes: number;
}

export interface TrafficBar {
  /** Whose run: the variant's title. */
  run: string;
  memory: 'HBM' | 'SRAM';
  segments: TrafficSegment[];
  /** Bytes in all; the segments of the run on screen stop at the tick, this does not. */
  inAll: number;
  /** What there is to see of in all, whether or not any of it has moved yet. */
  signs: Omit<TrafficSegment, 'bytes'>[];
  current: boolean;
}

export interface TrafficScene {
  bars: TrafficBar[];
  selected: string | null;
}

const LABEL = 4;
const VALUE = 78;
/** Room for the title above a bar. */
const HEAD = 16;

function barBox(scene: TrafficScene, width: number, height: number, i: number) {
  const pitch = Math.min(64, (height - 8) / Math.max(scene.bars.length, 1));
  return { x: LABEL, y: 6 + i * pitch + HEAD, width: width - LABEL - VALUE, height: Math.max(pitch - 26, 5), pitch };
}

const bytesOf = (segments: readonly TrafficSegment[]) => segments.reduce((sum, { bytes }) => sum + bytes, 0);
const longest = (scene: TrafficScene) => Math.max(1, ...scene.bars.map(({ inAll }) => inAll));

/** The tensor whose segment of the bar under a point, or below its title, is nearest from left to right. */
export function hitTraffic(scene: TrafficScene, width: number, height: number, x: number, y: number): string | null {
  for (const [i, { segments }] of scene.bars.entries()) {
    const box = barBox(scene, width, height, i);
    if (y < box.y - HEAD || y >= box.y - HEAD + box.pitch || segments.length === 0) continue;
    let at = box.x;
    for (const { buffer, bytes } of segments) {
      at += (bytes / longest(scene)) * box.width;
      if (x < at) return buffer;
    }
    return segments.at(-1)!.buffer;
  }
  return null;
}

export function drawTraffic(pen: Pen, scene: TrafficScene): void {
  const scale = longest(scene);
  scene.bars.forEach(({ run, memory, segments, inAll, current }, i) => {
    const { x, y, width, height } = barBox(scene, pen.width, pen.height, i);
    pen.text(x, y - 9, `${run} · ${memory}`, '--ink', { size: 12, bold: current });
    let at = x;
    for (const { buffer, letter, ink, pattern, bytes } of segments) {
      const wide = (bytes / scale) * width;
      pen.rect(at, y, wide, height, ink);
      if (pattern) pen.pattern(at, y, wide, height, pattern, '--surface');
      if (wide > 16 && height > 10) {
        if (pattern) pen.rect(at + wide / 2 - 8, y + height / 2 - 7, 16, 14, ink);
        pen.text(at + wide / 2, y + height / 2, letter, '--surface', { size: 11, bold: true, align: 'center' });
      }
      if (buffer === scene.selected) pen.frame(at, y - 1, wide, height + 2, '--ink', 2);
      at += wide;
    }
    pen.frame(x, y, Math.max((inAll / scale) * width, 1), height, '--line-strong', 1, [3, 3]);
    const text = bytesText(bytesOf(segments));
    pen.text(x + Math.max((inAll / scale) * width, 1) + 6, y + height / 2, text, '--ink', { size: 11, mono: true });
  });
}
