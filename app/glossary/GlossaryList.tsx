// Every term of the glossary with its sentence, in alphabetical order.

import { GLOSSARY } from './entries.ts';
import { TermPicture } from './TermPicture.tsx';
import { TERMS } from './terms.ts';

export function GlossaryList() {
  const entries = TERMS.map((id) => ({ id, ...GLOSSARY[id] })).sort((a, b) => a.title.localeCompare(b.title, 'en'));
  return (
    <dl className="glossary-list">
      {entries.map(({ id, title, text }) => (
        <div key={id} className="glossary-entry">
          <TermPicture id={id} />
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
