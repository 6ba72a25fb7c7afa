// Colour, pattern and letter of step names, in the order in which they first appear in a recording.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface StepLook {
  name: string;
  ink: Ink;
  pattern: Pattern | null;
  letter: string;
}

const INKS: Ink[] = [
  '--tone-signal',
  '--tone-key',
  '--tone-inner',
  '--tone-content',
  '--tone-output',
  '--tone-statistic',
  '--tone-weight',
];
const PATTERNS: (Pattern | null)[] = [null, 'hatch', 'dots', 'cross'];

/**
 * One look per name of `names` (RecordingIndex.names; '' stands for steps that no marker started). `order` holds the names of all
 * recordings drawn side by side, so that a name looks the same in each.
 */
export function stepLooks(names: readonly string[], order: readonly string[] = names): StepLook[] {
  const known = [...new Set(order)].filter((name) => name !== '');
  return names.map((name) => {
    if (name === '') return { name, ink: '--tone-fixed', pattern: null, letter: '·' };
    const at = known.indexOf(name);
    const round = Math.floor(at / INKS.length);
    return {
      name,
      ink: INKS[at % INKS.length]!,
      pattern: PATTERNS[round % PATTERNS.length]!,
      letter: String.fromCharCode(97 + (at % 26)),
    };
  });
}
