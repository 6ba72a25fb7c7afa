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

/** The text as it lies in a frame that is turned as it is. */
function turned(text: NotedText): NotedText {
  const angle = (-(text.style.rotate ?? 0) * Math.PI) / 180;
  const x = text.x * Math.cos(angle) - text.y * Math.sin(angle);
  const y = text.x * Math.sin(angle) + text.y * Math.cos(angle);
  const [across, down] = [x - text.x, y - text.y];
  const { left, right, top, bottom } = text;
  return { ...text, left: left + across, right: right + across, top: top + down, bottom: bottom + down };
}

/** Pairs of texts of one direction that lie on one another. */
export function overlaps(texts: readonly NotedText[]): string[] {
  const all = texts.map(turned);
  return all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .filter((b) => (a.style.rotate ?? 0) === (b.style.rotate ?? 0))
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} | ${b.text}`),
  );
}
