// The signs of a picture and what they mean, below it.

import type { LegendEntry } from './view.ts';

export function PictureLegend({ entries }: { entries: readonly LegendEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <ul className="strip-legend">
      {entries.map(({ id, letter, ink, words }) => (
        <li key={id}>
          <span className="strip-swatch" style={{ borderColor: `var(${ink})` }} aria-hidden="true">
            {letter}
          </span>
          {words}
        </li>
      ))}
    </ul>
  );
}
