// In a few words: is the output right, and how far is it off.

import type { ParityOutput } from '../exhibit/results.ts';
import { plural, valueText } from '../words/quantities.ts';

/** Of the first output that fails: 'out is off by 0.3100', and what was allowed; null where all pass or nothing was compared. */
export function failedParity(outputs: readonly ParityOutput[]): { words: string; allowed: string } | null {
  const failed = outputs.find(({ passes }) => !passes);
  if (!failed) return null;
  const { name, maxAbsError, tolerance, nonFiniteMismatches } = failed;
  const words =
    maxAbsError <= tolerance
      ? `${name} has ${plural(nonFiniteMismatches, 'number')} not finite as in the reference`
      : `${name} is off by ${valueText(maxAbsError)}`;
  return { words, allowed: `${valueText(tolerance)} allowed` };
}
