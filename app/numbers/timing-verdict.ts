// What interleaved measurements allow to be said, and what they do not.

import { roundsDiffer } from '#gpu/core/paired-rounds.ts';
import type { TimingContestant } from '../exhibit/results.ts';

/** True when the sample could not be told from the clock's own step. */
export function belowResolution({ measurement }: TimingContestant): boolean {
  const { quantumNs, medianMs, repeatsPerSample } = measurement;
  if (measurement.belowResolution) return true;
  return quantumNs !== null && medianMs * repeatsPerSample * 1e6 < quantumNs;
}

type Times = Pick<TimingContestant['measurement'], 'samplesMs' | 'medianMs' | 'ci95Ms'>;

/** Whether a difference is shown: by the rounds or, where those are too few, by intervals that lie apart. */
export function differ(a: Times, b: Times): boolean {
  return a.medianMs !== b.medianMs && (roundsDiffer(a.samplesMs, b.samplesMs) ?? lieApart(a, b));
}

const lieApart = (a: Times, b: Times) => a.ci95Ms[0] > b.ci95Ms[1] || b.ci95Ms[0] > a.ci95Ms[1];

/** One sentence about the first contestant beside the second; the empty string when there is nothing to compare. */
export function timingVerdict([first, second]: readonly TimingContestant[], isSoftware: boolean): string {
  if (!first || !second) return '';
  if (belowResolution(first) || belowResolution(second)) return 'Below the clock’s resolution: no statement.';
  const [a, b] = [first.measurement, second.measurement];
  if (!differ(a, b)) {
    return roundsDiffer(a.samplesMs, b.samplesMs) === null && a.medianMs !== b.medianMs
      ? `No difference shown: the intervals of ${first.label} and ${second.label} overlap.`
      : `No difference shown: neither ${first.label} nor ${second.label} was the faster one round after round.`;
  }
  const [fast, slow] = a.medianMs < b.medianMs ? [first, second] : [second, first];
  const ratio = slow.measurement.medianMs / fast.measurement.medianMs;
  const where = isSoftware ? ' on this software adapter' : ' on this device';
  const rounds = lieApart(a, b) ? '' : ': the faster one round after round, though the intervals overlap';
  return `${fast.label} was ${ratio.toFixed(2)} times as fast as ${slow.label}${where}${rounds}.`;
}
