// What a term's card holds: its sentence, its picture, and where on this page it is counted and done.

import { useContext } from 'react';
import { GLOSSARY } from './entries.ts';
import { TermsContext } from './page-of-terms.ts';
import { PLACES, sourceOf } from './places.ts';
import { TermPicture } from './TermPicture.tsx';
import type { TermId } from './terms.ts';

export interface TermCardProps {
  id: TermId;
  /** Id of the element with the sentence, which describes the term. */
  sentenceId: string;
  onClose(): void;
}

export function TermCard({ id, sentenceId, onClose }: TermCardProps) {
  const page = useContext(TermsContext);
  const { title, text } = GLOSSARY[id];
  const counted = PLACES[id]?.view;
  const source = sourceOf(id, page?.recording ?? null);
  const openLine = page?.openLine;
  return (
    <>
      <span className="term-card__head">
        <TermPicture id={id} />
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
