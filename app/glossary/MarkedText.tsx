// A plain sentence whose technical words open their cards.

import type { ReactNode } from 'react';
import { markWords } from './marked-words.ts';
import { useSpokenTerms } from './page-of-terms.ts';
import { Term } from './Term.tsx';

export function MarkedText({ text }: { text: string }): ReactNode {
  const spoken = useSpokenTerms();
  return markWords(text, spoken).map((part) =>
    part.term ? (
      <Term key={part.at} id={part.term}>
        {part.text}
      </Term>
    ) : (
      part.text
    ),
  );
}
