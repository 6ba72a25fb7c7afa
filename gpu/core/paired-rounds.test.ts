import { expect, test } from 'vitest';
import { roundsDiffer, signedRankProbability } from './paired-rounds.ts';
import { uniformStream } from './random.ts';

test('signed ranks have the probabilities of the published table', () => {
  // Smallest rank sum 0 of n = 5: 2 / 32; 2 of n = 8: 6 / 256; 5 of n = 10: 20 / 1024.
  expect(signedRankProbability([1, 2, 3, 4, 5])).toBe(2 / 32);
  expect(signedRankProbability([1, -2, 3, 4, 5, 6, 7, 8])).toBe(6 / 256);
  expect(signedRankProbability([1, 2, 3, 4, -5, 6, 7, 8, 9, 10])).toBe(20 / 1024);
  expect(signedRankProbability([-1, -2, -3, -4, -5])).toBe(2 / 32);
  expect(signedRankProbability([1, -1.5])).toBe(1);
  expect(signedRankProbability([0, 0])).toBe(1);
});

/** Times of `work`, each round disturbed for both by what else the machine does, up to fourfold, and each sample by a little more. */
function rounds(count: number, next: () => number, work: number): [number[], number[]] {
  const pairs = Array.from({ length: count }, () => {
    const busy = 1 + 3 * next() ** 3;
    return [busy * (1 + 0.2 * next()), work * busy * (1 + 0.2 * next())] as const;
  });
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

test('on a busy machine equal work is hardly ever called different, double work nearly always', () => {
  const next = uniformStream(5, 'rounds');
  const trials = 400;
  let [equal, double] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    if (roundsDiffer(...rounds(11, next, 1))) equal++;
    if (roundsDiffer(...rounds(11, next, 2))) double++;
  }
  expect(equal / trials).toBeLessThan(0.03);
  expect(double / trials).toBeGreaterThan(0.99);
});

test('few rounds, or rounds that are no pairs, say nothing', () => {
  expect(roundsDiffer([1, 1, 1], [2, 2, 2])).toBeNull();
  expect(roundsDiffer(new Array(9).fill(1), new Array(8).fill(2))).toBeNull();
  expect(roundsDiffer(new Array(9).fill(1), new Array(9).fill(1))).toBe(false);
});
