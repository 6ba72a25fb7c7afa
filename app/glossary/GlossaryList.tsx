// Every term that is explained on this page, the exhibit's own first, then the general ones; in alphabetical order.

import { useEffect, useState } from 'react';
import type { TermEntry, TermSet } from '../exhibit/terms.ts';
import { useSpokenTerms } from './page-of-terms.ts';
import { TermPicture } from './TermPicture.tsx';

export function GlossaryList() {
  const spoken = useSpokenTerms();
  return spoken.map((set, i) => {
    // What the exhibit means by a word is what is meant by it here.
    const said = new Set(spoken.slice(0, i).flatMap(({ ids }) => ids));
    return <TermsOf key={set.title} set={set} ids={set.ids.filter((id) => !said.has(id))} />;
  });
}

function TermsOf({ set, ids }: { set: TermSet; ids: readonly string[] }) {
  const [entries, setEntries] = useState<Readonly<Record<string, TermEntry>>>({});
  useEffect(() => void set.load().then(setEntries, () => {}), [set]);
  const known = ids.flatMap((id) => (entries[id] ? [{ id, ...entries[id] }] : []));
  return (
    <>
      <h4>{set.title}</h4>
      <dl className="glossary-list">
        {known
          .sort((a, b) => a.title.localeCompare(b.title, 'en'))
          .map(({ id, title, text, picture }) => (
            <div key={id} className="glossary-entry">
              <TermPicture parts={picture} />
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
