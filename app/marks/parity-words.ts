// In a few words: is the output right, and how far is it off.

import type { ParityOutput } from './panel-props.ts';
import { plural, valueText } from './quantities.ts';

/** Of the first output that fails: 'out is off by 0.31, 1.0e-5 allowed'; null where all pass or nothing was compared. */
export function failedParity(outputs: readonly ParityOutput[]): string | null {
  const failed = outputs.find(({ passes }) => !passes);
  if (!failed) return null;
  const { name, maxAbsError, tolerance, nonFiniteMismatches } = failed;
  if (!(maxAbsError <= tolerance))
    return `${name} is off by ${valueText(maxAbsError)}, ${valueText(tolerance)} allowed`;
  return `${name} has ${plural(nonFiniteMismatches, 'number')} not finite as in the reference`;
}
