// What becomes of a number that was typed into a control. Pure.

import type { Control } from '../../exhibit/control.ts';
import { exactText } from '../../words/quantities.ts';

export interface TypedNumber {
  /** What the field shows now. */
  shown: number;
  /** What to set; absent where the value stays. */
  set?: number;
  /** Why it is not what was typed; null where it is. */
  note: string | null;
}

/** With separators, as far as digits can be read at all. */
const readable = (value: number) => (Math.abs(value) < 1e15 ? exactText(value) : String(value));

/** @param settle what a value within the range becomes once it is taken: a derived one may be rounded */
export function takeTyped(
  draft: string,
  value: number,
  { min, max, step, reason }: ReturnType<Control['range']>,
  settle: (value: number) => number,
  rounding?: string,
): TypedNumber {
  const typed = Number(draft);
  if (draft.trim() === '' || !Number.isFinite(typed)) {
    return { shown: value, note: `not a number; kept ${readable(value)}` };
  }
  const clamped = Math.min(Math.max(step === 1 ? Math.round(typed) : typed, min), max);
  const settled = clamped === value ? value : settle(clamped);
  const set = settled === value ? {} : { set: clamped };
  if (settled === typed) return { shown: settled, ...set, note: null };
  const outside = typed < min || typed > max;
  const range = `${readable(min)} to ${readable(max)}${reason ? `, ${reason}` : ''}`;
  const why = outside ? range : clamped === typed ? rounding : 'whole numbers';
  return {
    shown: settled,
    ...set,
    note: `${readable(typed)} became ${readable(settled)}${why ? `: ${why}` : ''}`,
  };
}

/** A note and the experiment it was said about: a change after that, of this setting or another, makes it old. */
export interface SaidNote {
  words: string;
  about: object;
}

export const stillSaid = (note: SaidNote | null, experiment: object): string | null =>
  note?.about === experiment ? note.words : null;
