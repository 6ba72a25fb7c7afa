// A pen draws the few shapes the marks are made of. The same drawing code runs on a canvas (screen) and as SVG (export), so what is
// exported is what was on screen. Lengths are CSS pixels; colours are token names ('--tone-signal') that the pen resolves.

/** A design token, or 'none'. */
export type Ink = `--${string}` | 'none';

/** Fill patterns that stand beside colour. */
export type Pattern = 'hatch' | 'cross' | 'dots';

export interface TextStyle {
  size?: number;
  align?: 'left' | 'center' | 'right';
  mono?: boolean;
  bold?: boolean;
  /** Clockwise degrees about the anchor. */
  rotate?: number;
}

export interface Pen {
  readonly width: number;
  readonly height: number;
  rect(x: number, y: number, width: number, height: number, fill: Ink, alpha?: number): void;
  frame(x: number, y: number, width: number, height: number, stroke: Ink, lineWidth?: number, dash?: number[]): void;
  /** Open polyline through [x0, y0, x1, y1, …]. */
  line(points: ArrayLike<number>, stroke: Ink, lineWidth?: number, dash?: number[]): void;
  disc(x: number, y: number, radius: number, fill: Ink, stroke?: Ink): void;
  pattern(x: number, y: number, width: number, height: number, kind: Pattern, stroke: Ink): void;
  /** Baseline middle; `x` is the anchor of `align`. */
  text(x: number, y: number, text: string, fill: Ink, style?: TextStyle): void;
  /**
   * A raster of `columns` × `rows` cells, cell (r, c) painted `palette[values[r · columns + c]]`; 'none' leaves it clear.
   * Cells are `width / columns` wide and never blurred.
   */
  cells(
    x: number,
    y: number,
    width: number,
    height: number,
    columns: number,
    rows: number,
    values: Uint8Array,
    palette: PaletteEntry[],
  ): void;
}

/** A token with an opacity, or a colour of its own for continuous scales ('rgb(…)'). */
export interface PaletteEntry {
  ink: Ink | `rgb(${string})`;
  alpha: number;
}

/** Resolves a token to a CSS colour. */
export type InkOf = (ink: string) => string;

/** About how wide a text comes out, in pixels; on the generous side, as no pen can measure. */
export function textWidth(text: string, size: number, { mono, bold }: TextStyle = {}): number {
  return text.length * size * (mono ? 0.61 : bold ? 0.72 : 0.56);
}
