// What a term's card holds: its sentence, its picture, and where on this page it is counted and done.

import { useConfig, usePage, useSession, useShown } from '../state/page.ts';
import { GLOSSARY } from './entries.ts';
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
  const { config, cursor } = usePage();
  const { view } = useShown();
  const present = useConfig(({ arrangement }) => arrangement.present);
  const recording = useSession((state) => state.recording);
  const { title, text } = GLOSSARY[id];
  const counted = PLACES[id]?.view;
  const source = sourceOf(id, recording);
  return (
    <>
      <span className="term-card__head">
        <TermPicture id={id} />
        <strong>{title}</strong>
      </span>
      <span id={sentenceId}>{text}</span>
      {recording && (counted || source) && (
        <span className="term-card__links">
          {counted && view?.views.some((each) => each.id === counted.id) && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                config.getState().arrange({ view: counted.id, table: true });
                onClose();
              }}
            >
              {counted.words}
            </button>
          )}
          {source && !present && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                cursor.getState().select({ kind: 'line', ...source });
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
