// The signs of a picture and what they mean, below it: drawn as the picture draws them.

import type { CSSProperties } from 'react';
import { exactText } from '../words/quantities.ts';
import type { LegendEntry } from './view.ts';

const stripes = (angle: number, ink: string) =>
  `repeating-linear-gradient(${angle}deg, transparent 0 3px, ${ink} 3px 4px)`;

const PATTERNS = {
  hatch: (ink: string) => stripes(135, ink),
  cross: (ink: string) => `${stripes(45, ink)}, ${stripes(135, ink)}`,
  dots: (ink: string) => `radial-gradient(circle at 2px 2px, ${ink} 1px, transparent 1.3px) 0 0 / 5px 5px`,
};

function signOf({ ink, alpha = 1, pattern, frame }: LegendEntry): CSSProperties {
  return {
    background: pattern && PATTERNS[pattern.kind](`var(${pattern.ink})`),
    backgroundColor: ink && `color-mix(in srgb, var(${ink}) ${alpha * 100}%, transparent)`,
    ...(frame && !pattern && { border: `2px solid var(${frame})` }),
  };
}

export function PictureLegend({ entries }: { entries: readonly LegendEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <ul className="strip-legend">
      {entries.map((entry) => (
        <li key={entry.id}>
          {entry.letter === undefined ? (
            <i className="legend-sign" style={signOf(entry)} aria-hidden="true" />
          ) : (
            <span className="strip-swatch" style={{ borderColor: `var(${entry.ink})` }} aria-hidden="true">
              {entry.letter}
            </span>
          )}
          {entry.words}
          {entry.count !== undefined && <b className="numeric">{exactText(entry.count)}</b>}
        </li>
      ))}
    </ul>
  );
}
