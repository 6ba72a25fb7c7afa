// What an exhibit offers to do next: a button, and what it changes. The shell presses it; an exhibit only says what it would be.

import type { Recording } from './recording.ts';

export interface Offer {
  /** What its button says: 'Use 64 × 32 tiles'. */
  label: string;
  mechanism?: string;
  variant?: string;
  input?: 'sentence' | 'random';
  /** Settings that it changes; `undefined` leaves one to the mechanism. */
  config?: Readonly<Record<string, number | string | boolean | undefined>>;
  /** Set where all other settings go. */
  anew?: true;
  view?: string;
}

/** Why a run moves more than it would have to, and what helps; no offers where nothing does, and then the words say so. */
export interface Remedy {
  words: string;
  offers: readonly Offer[];
}

/** For who is here for the first time. */
export interface Welcome {
  /** What the first picture means, in a sentence. */
  caption: string;
  /** At most three. */
  offers?: readonly Offer[];
}

export type FindRemedy = (
  recording: Recording,
  others: readonly Recording[],
  limits: Readonly<Record<string, number>>,
) => Remedy | null;
