// Words above columns too narrow for them: turned, so that each leans over those to its right. How wide columns may then be for the last
// words to end within the picture.

import { shortened } from '../words/written-short.ts';
import { type Pen, type TextStyle, textWidth } from './pen.ts';

const DEGREES = -60;
const [ACROSS, UP] = [0.5, 0.87];
const SIZE = 11;
/** At most so many letters of a word are written. */
export const LONGEST_WORD = 11;

/** A word that stands at the middle `x` of its column, just above `bottom`. */
export function drawTurnedWord(pen: Pen, x: number, bottom: number, word: string, bold = false): void {
  pen.text(x, bottom - 5, shortened(word, LONGEST_WORD), '--ink', { size: SIZE, bold, rotate: DEGREES });
}

/** Pixels that a word reaches to the right of the middle of its column. */
const leaning = (word: string, style?: TextStyle): number =>
  ACROSS * textWidth(shortened(word, LONGEST_WORD), SIZE, style) + UP * 0.4 * SIZE;

/** Pixels from the left edge of the first column to where the last word ends, of columns that are `scale` wide. */
export function reachOf(words: readonly string[], scale: number, style?: TextStyle): number {
  return words.reduce((most, word, column) => Math.max(most, (column + 0.5) * scale + leaning(word, style)), 0);
}

/** The widest columns whose words all end within `room`. */
export function widestColumn(words: readonly string[], room: number, style?: TextStyle): number {
  return words.reduce(
    (widest, word, column) => Math.min(widest, (room - leaning(word, style)) / (column + 0.5)),
    Number.POSITIVE_INFINITY,
  );
}
