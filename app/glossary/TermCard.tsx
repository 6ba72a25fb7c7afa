// What a term's card holds: its sentence, its picture, and where on this page it is counted and done.

import { useContext } from 'react';
import type { TermEntry } from '../exhibit/terms.ts';
import { TermsContext } from './page-of-terms.ts';
import { sourceLine } from './source-line.ts';
import { TermPicture } from './TermPicture.tsx';

export interface TermCardProps {
  entry: TermEntry;
  /** Id of the element with the sentence, which describes the term. */
  sentenceId: string;
  onClose(): void;
}

export function TermCard({ entry, sentenceId, onClose }: TermCardProps) {
  const page = useContext(TermsContext);
  const { title, text, picture, view: counted } = entry;
  const source = sourceLine(entry, page?.recording ?? null);
  const openLine = page?.openLine;
  return (
    <>
      <span className="term-card__head">
        <TermPicture parts={picture} />
        <strong>{title}</strong>
      </span>
      <span id={sentenceId}>{text}</span>
      {page?.recording && (counted || source) && (
        <span className="term-card__links">
          {counted && page.views.includes(counted.id) && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                page.openView(counted.id);
                onClose();
              }}
            >
              {counted.words}
            </button>
          )}
          {source && openLine && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                openLine(source);
                onClose();
              }}
            >
              Line {source.line} of {source.kernel}
            </button>
          )}
        </span>
      )}
    </>
  );
}
