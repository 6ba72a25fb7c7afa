// The pen of the export: collects the same shapes as SVG elements. Colours are resolved, so the file stands alone.

import type { Ink, InkOf, PaletteEntry, Pattern, Pen, TextStyle } from './pen.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text safe inside an element or attribute. Control characters, which XML 1.0 forbids, are dropped. */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the characters XML forbids
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"']/g, (c) => ESCAPES[c]!);
}

const number = (value: number) => String(Math.round(value * 100) / 100);

const PATTERN_PATHS: Record<Pattern, string> = {
  hatch: 'M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5',
  cross: 'M-1 7 L7 -1 M-1 -1 L7 7',
  dots: 'M2 2.5 h1.5 M2 3 h1.5',
};

export class SvgPen implements Pen {
  private readonly elements: string[] = [];
  private readonly patterns = new Map<string, string>();

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly inkOf: InkOf,
  ) {}

  rect(x: number, y: number, width: number, height: number, fill: Ink, alpha = 1): void {
    if (fill === 'none') return;
    const opacity = alpha === 1 ? '' : ` fill-opacity="${number(alpha)}"`;
    this.push(`<rect ${this.box(x, y, width, height)} fill="${this.colour(fill)}"${opacity}/>`);
  }

  frame(x: number, y: number, width: number, height: number, stroke: Ink, lineWidth = 1, dash: number[] = []): void {
    this.push(`<rect ${this.box(x, y, width, height)} fill="none" ${this.stroke(stroke, lineWidth, dash)}/>`);
  }

  line(points: ArrayLike<number>, stroke: Ink, lineWidth = 1, dash: number[] = []): void {
    const list = Array.from(points, number).join(' ');
    this.push(`<polyline points="${list}" fill="none" ${this.stroke(stroke, lineWidth, dash)}/>`);
  }

  disc(x: number, y: number, radius: number, fill: Ink, stroke: Ink = 'none'): void {
    const place = `cx="${number(x)}" cy="${number(y)}" r="${number(radius)}"`;
    this.push(`<circle ${place} fill="${this.colour(fill)}" stroke="${this.colour(stroke)}"/>`);
  }

  pattern(x: number, y: number, width: number, height: number, kind: Pattern, stroke: Ink): void {
    const key = `${kind} ${stroke}`;
    let id = this.patterns.get(key);
    if (!id) {
      id = `pattern-${this.patterns.size}`;
      this.patterns.set(key, id);
      this.push(
        `<defs><pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${PATTERN_PATHS[kind]}" ${this.stroke(stroke, 1, [])}/></pattern></defs>`,
      );
    }
    this.push(`<rect ${this.box(x, y, width, height)} fill="url(#${id})"/>`);
  }

  text(x: number, y: number, text: string, fill: Ink, style: TextStyle = {}): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[style.align ?? 'left'];
    const turn = style.rotate ? ` transform="rotate(${style.rotate} ${number(x)} ${number(y)})"` : '';
    const family = style.mono ? 'monospace' : 'sans-serif';
    this.push(
      `<text x="${number(x)}" y="${number(y)}" dominant-baseline="central" text-anchor="${anchor}" font-family="${family}" font-size="${style.size ?? 12}" font-weight="${style.bold ? 600 : 400}" fill="${this.colour(fill)}"${turn}>${escapeXml(text)}</text>`,
    );
  }

  /** Runs of equal cells in a row become one rectangle. */
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
    const cellWidth = width / columns;
    const cellHeight = height / rows;
    const shapes: string[] = [];
    for (let row = 0; row < rows; row++) {
      for (let start = 0, column = 1; column <= columns; column++) {
        const value = values[row * columns + start]!;
        if (column < columns && values[row * columns + column] === value) continue;
        const { ink, alpha } = palette[value]!;
        if (ink !== 'none') {
          const box = this.box(x + start * cellWidth, y + row * cellHeight, (column - start) * cellWidth, cellHeight);
          const fill = ink.startsWith('--') ? this.inkOf(ink) : ink;
          shapes.push(`<rect ${box} fill="${escapeXml(fill)}" fill-opacity="${number(alpha)}"/>`);
        }
        start = column;
      }
    }
    this.push(`<g shape-rendering="crispEdges">${shapes.join('')}</g>`);
  }

  /** Places a document that a pen made; nothing of it is cut, and its patterns keep out of the way of others. */
  nested(x: number, y: number, document: string): void {
    const prefix = `inner-${this.elements.length}-`;
    this.push(
      document
        .replace('<svg ', `<svg x="${number(x)}" y="${number(y)}" overflow="visible" `)
        .replace(/(id="|url\(#)(?=(inner-\d+-)*pattern-)/g, `$1${prefix}`),
    );
  }

  /** The whole document; `title` is its accessible name. */
  document(title: string): string {
    const size = `width="${number(this.width)}" height="${number(this.height)}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${number(this.width)} ${number(this.height)}" role="img"><title>${escapeXml(title)}</title>${this.elements.join('\n')}</svg>\n`;
  }

  private push(element: string): void {
    this.elements.push(element);
  }

  private box(x: number, y: number, width: number, height: number): string {
    return `x="${number(x)}" y="${number(y)}" width="${number(Math.max(width, 0))}" height="${number(Math.max(height, 0))}"`;
  }

  private stroke(ink: Ink, lineWidth: number, dash: number[]): string {
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    return `stroke="${this.colour(ink)}" stroke-width="${number(lineWidth)}"${dashes}`;
  }

  private colour(ink: Ink): string {
    return ink === 'none' ? 'none' : escapeXml(this.inkOf(ink));
  }
}
