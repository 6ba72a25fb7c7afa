import { expect, test } from 'vitest';
import { pairwise } from './pairwise.ts';

const product = (lists: Record<string, number[]>) =>
  Object.entries(lists).reduce<Record<string, number>[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );

test('every two values stand together in one of few combinations', () => {
  const all = product({ TX: [8, 16], TY: [4, 8, 16], DEPTH: [2, 4, 8] });
  const picked = pairwise(all);
  expect(picked.length).toBeLessThanOrEqual(10);
  for (const one of all) {
    for (const [a, b] of [
      ['TX', 'TY'],
      ['TX', 'DEPTH'],
      ['TY', 'DEPTH'],
    ] as const) {
      expect(picked.some((each) => each[a] === one[a] && each[b] === one[b])).toBe(true);
    }
  }
});

test('of one constant every value is picked, of two every combination, and only what is there', () => {
  expect(pairwise(product({ LANES: [4, 8] }))).toHaveLength(2);
  expect(pairwise(product({ LANES: [4, 8], CHUNKS: [2, 4, 8] }))).toHaveLength(6);
  expect(pairwise([{ A: 1, B: 1, C: 1 }])).toEqual([{ A: 1, B: 1, C: 1 }]);
});
