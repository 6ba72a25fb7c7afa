// Test code: a pen that notes down what it was told to write and where, so that tests can ask whether texts touch.

import { type Ink, type Pen, type TextStyle, textWidth } from '../pen.ts';

export interface NotedText {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Its anchor: the middle of its height. */
  x: number;
  y: number;
  style: TextStyle;
}

export class NotingPen implements Pen {
  readonly texts: NotedText[] = [];
  readonly rects: { x: number; y: number; width: number; height: number; fill: Ink }[] = [];
  readonly patterns: { x: number; y: number; width: number; height: number; kind: string }[] = [];

  readonly frames: { x: number; y: number; width: number; height: number }[] = [];
  readonly cellsDrawn: { columns: number; rows: number; values: Uint8Array }[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  text(x: number, y: number, text: string, _fill: Ink, style: TextStyle = {}): void {
    const size = style.size ?? 12;
    const wide = textWidth(text, size, style);
    const left = x - { left: 0, center: wide / 2, right: wide }[style.align ?? 'left'];
    // Digits and capitals are about 0.75 of the size high.
    this.texts.push({ text, left, right: left + wide, top: y - 0.38 * size, bottom: y + 0.38 * size, x, y, style });
  }

  rect(x: number, y: number, width: number, height: number, fill: Ink): void {
    this.rects.push({ x, y, width, height, fill });
  }

  pattern(x: number, y: number, width: number, height: number, kind: string): void {
    this.patterns.push({ x, y, width, height, kind });
  }

  frame(x: number, y: number, width: number, height: number): void {
    this.frames.push({ x, y, width, height });
  }

  line(): void {}
  disc(): void {}

  cells(
    _x: number,
    _y: number,
    _width: number,
    _height: number,
    columns: number,
    rows: number,
    values: Uint8Array,
  ): void {
    this.cellsDrawn.push({ columns, rows, values });
  }
}

type Point = readonly [x: number, y: number];

/** The corners of a text, turned about its anchor as it was written. */
function cornersOf({ left, right, top, bottom, x, y, style }: NotedText): Point[] {
  const angle = ((style.rotate ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners = [left, right].flatMap((across) => [top, bottom].map((down): Point => [across - x, down - y]));
  return corners.map(([across, down]) => [x + across * cos - down * sin, y + across * sin + down * cos]);
}

/** Boxes are as generous as the widths they are made of: by less than this two of them may touch. */
const TOUCH = 0.5;

/** Whether some line parallel to a side of one lies between both. */
function areApart(a: NotedText, b: NotedText): boolean {
  const [ofA, ofB] = [cornersOf(a), cornersOf(b)];
  return [a, b].some(({ style }) =>
    [0, 90].some((more) => {
      const angle = (((style.rotate ?? 0) + more) * Math.PI) / 180;
      const along = (points: readonly Point[]) => points.map(([x, y]) => x * Math.cos(angle) + y * Math.sin(angle));
      const [spanA, spanB] = [along(ofA), along(ofB)];
      return Math.max(...spanA) <= Math.min(...spanB) + TOUCH || Math.max(...spanB) <= Math.min(...spanA) + TOUCH;
    }),
  );
}

/** Pairs of texts that lie on one another. */
export function overlaps(texts: readonly NotedText[]): string[] {
  return texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter((b) => !areApart(a, b))
      .map((b) => `${a.text} | ${b.text}`),
  );
}

/** Texts of which the edge of the picture cuts something off. */
export function cutOff({ texts, width, height }: NotingPen): string[] {
  return texts
    .filter((text) => cornersOf(text).some(([x, y]) => x < 0 || y < 0 || x > width || y > height))
    .map(({ text }) => text);
}
