// The page as the cards of terms see it: whose words are spoken, what is on the stage, and the two ways from a term to where it is met. The
// shell provides it; without it there are the general terms, and a card has its sentence and its picture only.

import { createContext, useContext } from 'react';
import type { Recording } from '../exhibit/recording.ts';
import type { TermSet } from '../exhibit/terms.ts';
import { generalTerms } from './terms/general.ts';

export interface PageOfTerms {
  recording: Recording | null;
  /** Ids of the views on offer. */
  views: readonly string[];
  /** Whose words are marked in sentences: those of the exhibit on the stage, then the general ones. The same array as long as they are. */
  spoken: readonly TermSet[];
  /** Whose cards open: those, then the terms of an exhibit that is chosen and not on the stage yet. */
  known: readonly TermSet[];
  /** Shows a view with its table. */
  openView(id: string): void;
  /** Shows a line of a kernel's source; absent where the source is hidden. */
  openLine?(line: { kernel: string; line: number }): void;
}

export const TermsContext = createContext<PageOfTerms | null>(null);

const GENERAL: readonly TermSet[] = [generalTerms];

export const useSpokenTerms = (): readonly TermSet[] => useContext(TermsContext)?.spoken ?? GENERAL;

/** The set that explains a term here; undefined where none does. */
export function useSetOf(id: string | undefined): TermSet | undefined {
  const known = useContext(TermsContext)?.known ?? GENERAL;
  return known.find(({ ids }) => id !== undefined && ids.includes(id));
}
