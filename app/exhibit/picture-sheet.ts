// A picture to take away: above it what ran, below it what its signs mean, where it was recorded and the link that opens it again.

import { type InkOf, textWidth } from '../pens/pen.ts';
import { SvgPen } from '../pens/svg-pen.ts';
import { wrapped } from '../pens/wrapped.ts';
import { exactText } from '../words/quantities.ts';
import type { LegendEntry } from './view.ts';

export interface Sheet {
  title: string;
  /** What ran, with its sizes; where the cursor stood. */
  facts: string[];
  /** Side by side; each a document of its own. */
  pictures: { caption: string | null; svg: string }[];
  legend: LegendEntry[];
  /** Who recorded it and what must be known about it. */
  provenance: string[];
  link: string;
}

const PAD = 24;
const LINE = 20;
const GAP = 24;
const SWATCH = 14;

/** Width that each of `count` pictures has on a sheet. */
export function pictureWidth(width: number, count: number): number {
  return (width - 2 * PAD - GAP * (count - 1)) / count;
}

/** The sheet as a standalone SVG document, as high as its content. */
export function sheetOf(sheet: Sheet, width: number, inkOf: InkOf): string {
  const inner = width - 2 * PAD;
  const facts = sheet.facts.flatMap((fact) => wrapped(fact, 13, inner));
  const below = [...sheet.provenance.flatMap((line) => wrapped(line, 12, inner)), ...cut(sheet.link, 11, inner)];
  const legend = legendLines(sheet.legend, inner);
  const captioned = sheet.pictures.some(({ caption }) => caption !== null);
  const top = PAD + 30 + facts.length * LINE + (captioned ? 24 : 8);
  const high = Math.max(...sheet.pictures.map(({ svg }) => heightOf(svg)));
  const afterPictures = top + high + 24;
  const height = afterPictures + (legend.length + below.length) * LINE + 8 + PAD;

  const pen = new SvgPen(width, height, inkOf);
  pen.rect(0, 0, width, height, '--surface');
  pen.text(PAD, PAD + 10, sheet.title, '--ink', { size: 20, bold: true });
  facts.forEach((fact, i) => {
    pen.text(PAD, PAD + 40 + i * LINE, fact, '--ink-2', { size: 13 });
  });
  sheet.pictures.forEach(({ caption, svg }, i) => {
    const x = PAD + i * (pictureWidth(width, sheet.pictures.length) + GAP);
    if (caption !== null) pen.text(x, top - 12, caption, '--ink', { size: 13, bold: true });
    pen.nested(x, top, svg);
  });
  legend.forEach((line, i) => {
    for (const { x, entry } of line) drawEntry(pen, PAD + x, afterPictures + i * LINE, entry);
  });
  below.forEach((line, i) => {
    pen.text(PAD, afterPictures + (legend.length + i) * LINE + 8, line, '--ink-2', { size: 12 });
  });
  return pen.document(sheet.title);
}

function heightOf(svg: string): number {
  return Number(/<svg[^>]* height="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}

const wordsOf = ({ words, count }: LegendEntry) => (count === undefined ? words : `${words} ${exactText(count)}`);

/** Entries with their places, in as many lines as it takes. */
function legendLines(entries: readonly LegendEntry[], width: number): { x: number; entry: LegendEntry }[][] {
  const lines: { x: number; entry: LegendEntry }[][] = [];
  let x = 0;
  for (const entry of entries) {
    const wide = SWATCH + 8 + textWidth(wordsOf(entry), 12) + 18;
    if (lines.length === 0 || x + wide > width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1)!.push({ x, entry });
    x += wide;
  }
  return lines;
}

function drawEntry(pen: SvgPen, x: number, y: number, entry: LegendEntry): void {
  const top = y - SWATCH / 2;
  const { ink, alpha, pattern, frame, letter } = entry;
  if (ink) pen.rect(x, top, SWATCH, SWATCH, ink, alpha);
  if (pattern) pen.pattern(x, top, SWATCH, SWATCH, pattern.kind, pattern.ink);
  if (letter) {
    pen.rect(x + 2, top + 2, SWATCH - 4, SWATCH - 4, '--surface');
    pen.text(x + SWATCH / 2, y, letter, '--ink', { size: 10, bold: true, align: 'center' });
  }
  pen.frame(x, top, SWATCH, SWATCH, frame ?? '--line-strong', frame ? 2 : 1);
  pen.text(x + SWATCH + 6, y, wordsOf(entry), '--ink', { size: 12 });
}

/** An address has no words to break between. */
function cut(text: string, size: number, width: number): string[] {
  const most = Math.floor(width / textWidth('0', size, { mono: true }));
  return Array.from({ length: Math.ceil(text.length / most) }, (_, i) => text.slice(i * most, (i + 1) * most));
}
