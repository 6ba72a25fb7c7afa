import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import type { Measurement } from '../api.ts';
import {
  interleave,
  median,
  medianInterval,
  perRepeatMs,
  repeatsFor,
  resolutionMs,
  sampleFloorMs,
  verdict,
} from './statistics.ts';

const samples = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 20 });

test('the median is the middle sample, or the mean of the two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
});

test('the interval holds the median, lies within the samples, and is the same every time', () => {
  fc.assert(
    fc.property(samples, (times) => {
      const [low, high] = medianInterval(times);
      expect(low).toBeLessThanOrEqual(median(times));
      expect(high).toBeGreaterThanOrEqual(median(times));
      expect(low).toBeGreaterThanOrEqual(Math.min(...times));
      expect(high).toBeLessThanOrEqual(Math.max(...times));
      expect(medianInterval(times)).toEqual([low, high]);
    }),
    { numRuns: 20 },
  );
});

test('the 95 % interval covers the true median about as often as it says, and A/A shows no difference', () => {
  const next = uniformStream(11, 'timings');
  const take = (): Measurement => {
    const samplesMs = Array.from({ length: 11 }, () => 5 + next());
    return { ...blank, samplesMs, medianMs: median(samplesMs), ci95Ms: medianInterval(samplesMs) };
  };
  let covered = 0;
  let different = 0;
  const trials = 120;
  for (let trial = 0; trial < trials; trial++) {
    const [a, b] = [take(), take()];
    if (a.ci95Ms[0] <= 5.5 && 5.5 <= a.ci95Ms[1]) covered++;
    if (verdict(a, b).faster !== 'none') different++;
  }
  // Binomial: 114 expected of 120; the percentile bootstrap of a median is a little short at n = 11.
  expect(covered).toBeGreaterThanOrEqual(100);
  expect(different).toBeLessThanOrEqual(6);
});

const blank: Measurement = {
  samplesMs: [],
  medianMs: 0,
  ci95Ms: [0, 0],
  clock: 'timestamp-query',
  quantumNs: null,
  repeatsPerSample: 1,
  rounds: 1,
};

test('overlapping intervals show no difference, separate ones say which is faster', () => {
  const at = (medianMs: number, half: number): Measurement => ({
    ...blank,
    medianMs,
    ci95Ms: [medianMs - half, medianMs + half],
  });
  expect(verdict(at(10, 1), at(11.9, 1))).toEqual({ faster: 'none', ratio: 1, text: 'no difference shown' });
  expect(verdict(at(10, 1), at(20, 1))).toEqual({ faster: 'first', ratio: 2, text: 'the first is 2.00× faster' });
  expect(verdict(at(30, 1), at(20, 1))).toMatchObject({ faster: 'second', ratio: 1.5 });
});

test('contestants take turns', () => {
  expect(interleave(2, 3)).toEqual([0, 1, 0, 1, 0, 1]);
  expect(interleave(0, 3)).toEqual([]);
});

test('a sample is never shorter than ten quanta', () => {
  expect(sampleFloorMs(65_536)).toBe(5);
  expect(sampleFloorMs(1_000_000)).toBe(10);
  expect(sampleFloorMs(1_000_000, 2)).toBe(10);
  expect(sampleFloorMs(null, 2)).toBe(2);
  expect(sampleFloorMs(100, 40)).toBe(40);
});

test('repeats grow until the floor is reached, and stay within the bound', () => {
  const perRepeat = fc.double({ min: 1e-4, max: 50, noNaN: true });
  fc.assert(
    fc.property(perRepeat, fc.integer({ min: 1, max: 4096 }), (each, most) => {
      let repeats = 1;
      for (let trial = 0; trial < 40; trial++) {
        const next = repeatsFor(5, repeats, repeats * each, most);
        expect(next).toBeLessThanOrEqual(Math.max(most, repeats));
        if (next === repeats) break;
        expect(next).toBeGreaterThan(repeats);
        repeats = next;
      }
      expect(repeats === most || repeats * each >= 5).toBe(true);
    }),
  );
  // A clock that shows nothing yet: grow blindly.
  expect(repeatsFor(5, 2, 0, 1000)).toBe(32);
});

test('resets are taken off a sample; what the clock cannot tell is its smallest step, never nothing', () => {
  expect(perRepeatMs(12, 2, 5, resolutionMs(100_000))).toBe(2);
  expect(perRepeatMs(1, 2, 5, resolutionMs(100_000))).toBeCloseTo(0.02, 12);
  expect(resolutionMs(null)).toBeGreaterThan(0);
});
