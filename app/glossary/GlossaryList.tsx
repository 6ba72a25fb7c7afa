// Every term of the glossary with its sentence, in alphabetical order.

import { GLOSSARY } from './entries.ts';

export function GlossaryList() {
  const entries = Object.entries(GLOSSARY).sort(([, a], [, b]) => a.title.localeCompare(b.title, 'en'));
  return (
    <dl className="glossary-list">
      {entries.map(([id, { title, text }]) => (
        <div key={id}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
