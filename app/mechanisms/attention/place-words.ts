// Plain words for the sequence and head that a picture or a number is of.

import type { Recording } from '../../exhibit/recording.ts';
import { exactText } from '../../words/quantities.ts';
import { countsOf } from './settings.ts';

/** 'sequence 1 of 2, head 3 of 4', in short 'sequence 1, head 3'; '' where the run has no other. */
export function placeWords(
  { config }: Recording,
  { batch, head }: { batch: number; head: number },
  inShort = false,
): string {
  const numbered = (name: string, index: number, count: number) => {
    if (count <= 1) return [];
    return [inShort ? `${name} ${index + 1}` : `${name} ${index + 1} of ${exactText(count)}`];
  };
  const counts = countsOf(config);
  return [...numbered('sequence', batch, counts.batch), ...numbered('head', head, counts.heads)].join(', ');
}
