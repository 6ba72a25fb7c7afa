// How often an answer was right, as bars from 0 to 100 %: one bar per group, a dot per run. Drawing and hit testing; no React.

import type { Ink, Pattern, Pen } from '../../pens/pen.ts';
import { exactText } from '../../words/quantities.ts';

export interface AccuracyRun {
  name: string;
  right: number;
  asked: number;
}

export interface AccuracyBar {
  title: string;
  /** In place of the title where there is little room. */
  short: string;
  ink: Ink;
  pattern: Pattern | null;
  runs: readonly AccuracyRun[];
}

export interface AccuracyScene {
  bars: readonly AccuracyBar[];
  /** Share that guessing gives; drawn as a dashed line, marked as a closed form. */
  guess: number;
  /** Index over the runs of all bars, in order. */
  selected: number | null;
}

const LEFT = 4;
const RIGHT = 10;
const FOOT = 34;
/** Room for the title above a bar. */
const HEAD = 22;
/** Width of a letter of a title, about. */
const LETTER = 7;

export const sumOf = (runs: readonly AccuracyRun[]) => ({
  right: runs.reduce((sum, { right }) => sum + right, 0),
  asked: runs.reduce((sum, { asked }) => sum + asked, 0),
});

/** '1,024 of 1,024 right (100 %)'. */
export function shareText({ right, asked }: { right: number; asked: number }): string {
  if (asked === 0) return 'not run yet';
  return `${exactText(right)} of ${exactText(asked)} right (${Number(((100 * right) / asked).toFixed(1))} %)`;
}

function boxOf(scene: AccuracyScene, width: number, height: number, i: number) {
  const pitch = Math.min(84, (height - FOOT - 4) / Math.max(scene.bars.length, 1));
  return { x: LEFT, y: 4 + i * pitch + HEAD, width: width - LEFT - RIGHT, height: Math.max(pitch - 34, 6), pitch };
}

/** The run whose dot is nearest, within the bar that the pointer is on or below: bars follow one another without a gap. */
export function hitAccuracy(scene: AccuracyScene, width: number, height: number, x: number, y: number): number | null {
  let first = 0;
  for (const [i, { runs }] of scene.bars.entries()) {
    const box = boxOf(scene, width, height, i);
    if (y >= box.y - HEAD && y < box.y - HEAD + box.pitch && runs.length > 0) {
      const distance = ({ right, asked }: AccuracyRun) => Math.abs(box.x + (right / asked) * box.width - x);
      const nearest = runs.reduce((best, run, at) => (distance(run) < distance(runs[best]!) ? at : best), 0);
      return first + nearest;
    }
    first += runs.length;
  }
  return null;
}

export function drawAccuracy(pen: Pen, scene: AccuracyScene): void {
  let first = 0;
  let bottom = 0;
  for (const [i, { title, short, ink, pattern, runs }] of scene.bars.entries()) {
    const { x, y, width, height } = boxOf(scene, pen.width, pen.height, i);
    const sum = sumOf(runs);
    const share = shareText(sum);
    const name = (title.length + share.length + 2) * LETTER > width ? short : title;
    pen.text(x, y - 10, name, '--ink', { size: 12, bold: true });
    pen.text(x + width, y - 10, share, '--ink', { size: 12, align: 'right' });
    const wide = sum.asked === 0 ? 0 : (sum.right / sum.asked) * width;
    pen.rect(x, y, wide, height, ink);
    if (pattern) pen.pattern(x, y, wide, height, pattern, '--surface');
    pen.frame(x, y, width, height, '--line-strong');
    runs.forEach(({ right, asked }, at) => {
      const chosen = first + at === scene.selected;
      // Dots of equal runs would hide each other: they stand one below the other.
      const dotY = y + ((at + 0.5) / runs.length) * height;
      pen.disc(x + (right / asked) * width, dotY, chosen ? 5 : 3, chosen ? '--accent' : '--ink', '--surface');
    });
    first += runs.length;
    bottom = y + height;
  }
  const at = LEFT + scene.guess * (pen.width - LEFT - RIGHT);
  scene.bars.forEach((_, i) => {
    const { y, height } = boxOf(scene, pen.width, pen.height, i);
    pen.line([at, y - 2, at, y + height + 4], '--ink', 1.5, [4, 3]);
  });
  const text = `guessing: ${Number((100 * scene.guess).toFixed(1))} % (closed form)`;
  pen.text(at + 4, bottom + 12, text, '--ink-2', { size: 11 });
  pen.text(pen.width - RIGHT, bottom + 12, '100 %', '--ink-2', { size: 11, mono: true, align: 'right' });
}
