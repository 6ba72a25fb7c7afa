// The arithmetic of timing: pure functions over samples, no clock and no device.

import { roundsDiffer } from '../../core/paired-rounds.ts';
import { uniformStream } from '../../core/random.ts';
import type { Measurement } from '../api.ts';

const RESAMPLES = 2000;

/** @throws RangeError for no samples */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('a median needs a sample');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * 95 % interval of the median by the percentile bootstrap (Efron 1979), from a seeded generator: the same samples give the same
 * interval.
 */
export function medianInterval(samples: readonly number[], seed = 1): [number, number] {
  const next = uniformStream(seed, 'bootstrap');
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(samples.map(() => samples[Math.floor(next() * samples.length)]!)),
  ).sort((a, b) => a - b);
  return [medians[Math.floor(RESAMPLES * 0.025)]!, medians[Math.ceil(RESAMPLES * 0.975) - 1]!];
}

/** The order of samples: A B A B …, so that drift (heat, other programs) falls on all contestants alike. */
export function interleave(contestants: number, rounds: number): number[] {
  return Array.from({ length: contestants * rounds }, (_, index) => index % contestants);
}

/**
 * Shortest sample that the clock can tell, ms: ten of its quanta, and 5 ms. A longer wish is granted, a shorter one is not below
 * ten quanta.
 */
export function sampleFloorMs(quantumNs: number | null, wishedMs?: number): number {
  return Math.max((quantumNs ?? 0) * 10e-6, wishedMs ?? 5);
}

/** Repeats that make a sample of at least `floorMs`, from a trial of `repeats` that took `elapsedMs`. */
export function repeatsFor(floorMs: number, repeats: number, elapsedMs: number, most: number): number {
  if (elapsedMs >= floorMs) return repeats;
  // A trial near the clock's resolution says little: grow by 16 at most, and aim 20 % above.
  const wanted = elapsedMs > 0 ? Math.ceil((repeats * floorMs * 1.2) / elapsedMs) : repeats * 16;
  return Math.min(most, repeats * 16, Math.max(repeats + 1, wanted));
}

/** Time of one repeat, ms: the sample less its re-initialisations; where the clock cannot tell those apart, its resolution. */
export function perRepeatMs(sampleMs: number, resetMs: number, repeats: number, resolutionMs: number): number {
  return Math.max(resolutionMs, sampleMs - resetMs) / repeats;
}

/** Browsers give the wall clock in steps of this, ms. */
const WALL_STEP_MS = 0.1;

/** Smallest difference of two times that a clock can tell, ms. */
export function resolutionMs(quantumNs: number | null): number {
  return quantumNs ? quantumNs * 1e-6 : WALL_STEP_MS;
}

export interface Verdict {
  /** 'none': no difference shown. */
  faster: 'first' | 'second' | 'none';
  /** Slower median over faster median; 1 where no difference is shown. */
  ratio: number;
  text: string;
}

/** Which of two measurements is faster, if their rounds say so; where those are too few, if their 95 % intervals lie apart. */
export function verdict(first: Measurement, second: Measurement): Verdict {
  const [a, b] = [first.ci95Ms, second.ci95Ms];
  const differ = roundsDiffer(first.samplesMs, second.samplesMs) ?? (a[0] > b[1] || b[0] > a[1]);
  if (!differ || first.medianMs === second.medianMs) return { faster: 'none', ratio: 1, text: 'no difference shown' };
  const faster = first.medianMs < second.medianMs ? 'first' : 'second';
  const [quick, slow] = faster === 'first' ? [first, second] : [second, first];
  const ratio = slow.medianMs / quick.medianMs;
  return { faster, ratio, text: `the ${faster} is ${ratio.toPrecision(3)}× faster` };
}
