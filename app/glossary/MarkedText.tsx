// A plain sentence whose technical words open their cards.

import type { ReactNode } from 'react';
import { markWords } from './marked-words.ts';
import { Term } from './Term.tsx';

export function MarkedText({ text }: { text: string }): ReactNode {
  return markWords(text).map((part) =>
    part.term ? (
      <Term key={part.at} id={part.term}>
        {part.text}
      </Term>
    ) : (
      part.text
    ),
  );
}
