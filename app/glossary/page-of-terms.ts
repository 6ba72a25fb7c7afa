// The page as the cards of terms see it: what is on the stage, and the two ways from a term to where it is met. The shell provides it;
// without it a card has its sentence and its picture only.

import { createContext } from 'react';
import type { Recording } from '../exhibit/recording.ts';

export interface PageOfTerms {
  recording: Recording | null;
  /** Ids of the views on offer. */
  views: readonly string[];
  /** Shows a view with its table. */
  openView(id: string): void;
  /** Shows a line of a kernel's source; absent where the source is hidden. */
  openLine?(line: { kernel: string; line: number }): void;
}

export const TermsContext = createContext<PageOfTerms | null>(null);
