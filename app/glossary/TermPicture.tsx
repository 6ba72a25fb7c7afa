// Draws a term's picture. Decorative: the sentence beside it says what there is to know.

import type { PicturePart } from '../exhibit/terms.ts';

const FILLS: Partial<Record<PicturePart['tone'], string>> = {
  soft: 'var(--line)',
  q: 'var(--tone-signal)',
  k: 'var(--tone-key)',
  v: 'var(--tone-content)',
  s: 'var(--tone-inner)',
  o: 'var(--tone-output)',
  accent: 'var(--accent)',
};

export function TermPicture({ parts }: { parts: readonly PicturePart[] }) {
  return (
    <svg className="term-picture" viewBox="0 0 48 32" width="72" height="48" aria-hidden="true" focusable="false">
      {parts.map(({ d, tone }) => (
        <path
          key={`${tone} ${d}`}
          d={d}
          fill={FILLS[tone] ?? 'none'}
          stroke={FILLS[tone] ? 'none' : 'currentColor'}
          strokeDasharray={tone === 'dash' ? '2 2' : undefined}
          strokeWidth={1.5}
        />
      ))}
    </svg>
  );
}
