// What of a link could not be used as it stood, and how that is said.

import { shortened } from '../../words/written-short.ts';

/** A value of a link that could not be used as it stood. */
export interface Complaint {
  field: string;
  /** As it stood in the link, shortened. */
  value: string;
  /** The rule or bound it broke. */
  limit: string;
  /** What the page uses instead. */
  used: string;
}

/** The rule that a key breaks which means nothing here. */
export const UNKNOWN_KEY = 'a setting of this page';

/** 'expected at most 8; used instead: 8'. */
export function complaintWords({ limit, used }: Complaint): string {
  const ignored = used.startsWith('nothing: ') ? used.slice('nothing: '.length) : `used instead: ${used}`;
  return limit === UNKNOWN_KEY ? `unknown here; ${ignored}` : `expected ${limit}; ${ignored}`;
}

const SHOWN_LENGTH = 61;

/** A hostile or long value for display. */
export function inOneLine(value: string): string {
  return shortened(value.replace(/\p{C}+/gu, ' '), SHOWN_LENGTH);
}
