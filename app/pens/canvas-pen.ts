// The pen of the screen: a 2-D canvas context scaled to the device's pixels.

import type { Ink, InkOf, PaletteEntry, Pattern, Pen, TextStyle } from './pen.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const PATTERN_TILE = 6;
const patterns = new Map<string, CanvasPattern>();

/** Bytes red, green, blue, alpha of any CSS colour, by painting it once. */
const colourBytes = new Map<string, [number, number, number, number]>();

function bytesOf(colour: string): [number, number, number, number] {
  let bytes = colourBytes.get(colour);
  if (!bytes) {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    bytes = [r!, g!, b!, a!];
    colourBytes.set(colour, bytes);
  }
  return bytes;
}

function patternOf(kind: Pattern, colour: string, context: Context): CanvasPattern {
  const key = `${kind} ${colour}`;
  let pattern = patterns.get(key);
  if (!pattern) {
    const tile = new OffscreenCanvas(PATTERN_TILE, PATTERN_TILE);
    const ink = tile.getContext('2d')!;
    ink.strokeStyle = ink.fillStyle = colour;
    ink.lineWidth = 1;
    ink.beginPath();
    if (kind === 'dots') ink.fillRect(2, 2, 1.5, 1.5);
    if (kind === 'hatch' || kind === 'cross') strokeDiagonal(ink, false);
    if (kind === 'cross') strokeDiagonal(ink, true);
    ink.stroke();
    pattern = context.createPattern(tile, 'repeat')!;
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Patterns live on surfaces of the GPU process and go with it. */
export function forgetPatterns(): void {
  patterns.clear();
}

/** A diagonal with its two wrapped corners, so that the tile repeats without gaps. */
function strokeDiagonal(ink: OffscreenCanvasRenderingContext2D, falling: boolean): void {
  for (const shift of [-PATTERN_TILE, 0, PATTERN_TILE]) {
    ink.moveTo(shift - 1, falling ? -1 : PATTERN_TILE + 1);
    ink.lineTo(shift + PATTERN_TILE + 1, falling ? PATTERN_TILE + 1 : -1);
  }
}

const fontsSet = new WeakMap<Context, string>();

/** To be told where a context has lost its state, as it does when its canvas is resized. */
export function forgetState(context: Context): void {
  fontsSet.delete(context);
}

export class CanvasPen implements Pen {
  private raster: OffscreenCanvas | null = null;

  constructor(
    private readonly context: Context,
    readonly width: number,
    readonly height: number,
    private readonly inkOf: InkOf,
    private readonly fonts: { sans: string; mono: string },
  ) {}

  rect(x: number, y: number, width: number, height: number, fill: Ink, alpha = 1): void {
    if (fill === 'none') return;
    this.context.globalAlpha = alpha;
    this.context.fillStyle = this.inkOf(fill);
    this.context.fillRect(x, y, width, height);
    this.context.globalAlpha = 1;
  }

  frame(x: number, y: number, width: number, height: number, stroke: Ink, lineWidth = 1, dash: number[] = []): void {
    const { context } = this;
    context.strokeStyle = this.inkOf(stroke);
    context.lineWidth = lineWidth;
    context.setLineDash(dash);
    context.strokeRect(x, y, width, height);
    context.setLineDash([]);
  }

  line(points: ArrayLike<number>, stroke: Ink, lineWidth = 1, dash: number[] = []): void {
    const { context } = this;
    context.strokeStyle = this.inkOf(stroke);
    context.lineWidth = lineWidth;
    context.setLineDash(dash);
    context.beginPath();
    for (let i = 0; i + 1 < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!);
    context.stroke();
    context.setLineDash([]);
  }

  disc(x: number, y: number, radius: number, fill: Ink, stroke: Ink = 'none'): void {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill !== 'none') {
      context.fillStyle = this.inkOf(fill);
      context.fill();
    }
    if (stroke !== 'none') {
      context.lineWidth = 1;
      context.strokeStyle = this.inkOf(stroke);
      context.stroke();
    }
  }

  pattern(x: number, y: number, width: number, height: number, kind: Pattern, stroke: Ink): void {
    this.context.fillStyle = patternOf(kind, this.inkOf(stroke), this.context);
    this.context.fillRect(x, y, width, height);
  }

  text(x: number, y: number, text: string, fill: Ink, style: TextStyle = {}): void {
    const { context } = this;
    const font = `${style.bold ? 600 : 400} ${style.size ?? 12}px ${style.mono ? this.fonts.mono : this.fonts.sans}`;
    // Setting a font means parsing and matching it, also where it stays the same.
    if (fontsSet.get(context) !== font) {
      context.font = font;
      fontsSet.set(context, font);
    }
    context.textAlign = style.align ?? 'left';
    context.textBaseline = 'middle';
    context.fillStyle = this.inkOf(fill);
    if (!style.rotate) {
      context.fillText(text, x, y);
      return;
    }
    context.save();
    context.translate(x, y);
    context.rotate((style.rotate * Math.PI) / 180);
    context.fillText(text, 0, 0);
    context.restore();
  }

  cells(
    x: number,
    y: number,
    width: number,
    height: number,
    columns: number,
    rows: number,
    values: Uint8Array,
    palette: PaletteEntry[],
  ): void {
    if (columns === 0 || rows === 0) return;
    const words = new Uint32Array(palette.length);
    const bytes = new Uint8ClampedArray(words.buffer);
    palette.forEach(({ ink, alpha }, i) => {
      if (ink === 'none') return;
      const [r, g, b, a] = bytesOf(ink.startsWith('--') ? this.inkOf(ink) : ink);
      bytes.set([r, g, b, a * alpha], i * 4);
    });
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = words[values[i]!]!;
    if (!this.raster || this.raster.width !== columns || this.raster.height !== rows) {
      this.raster = new OffscreenCanvas(columns, rows);
    }
    this.raster.getContext('2d')!.putImageData(image, 0, 0);
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(this.raster, x, y, width, height);
  }
}
