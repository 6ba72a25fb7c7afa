// Colour, pattern and letter of step names, in the order in which they first appear in a recording.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface StepLook {
  name: string;
  ink: Ink;
  pattern: Pattern | null;
  letter: string;
}

/** Shades that no tensor has: a step is none. */
const INKS: Ink[] = ['--step-1', '--step-2', '--step-3', '--step-4'];
const PATTERNS: (Pattern | null)[] = [null, 'hatch', 'dots', 'cross'];
/** Without those that look like one another or like a digit. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz';

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
      letter: LETTERS[at % LETTERS.length]!,
    };
  });
}
