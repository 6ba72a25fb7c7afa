import { expect, test } from 'vitest';
import { parityOf } from './output-parity.ts';

const got = (...values: number[]) => ({
  shape: [values.length],
  dtype: 'f32' as const,
  data: Float32Array.from(values),
});
const want = (...values: number[]) => ({ shape: [values.length], data: Float64Array.from(values) });

test('finds the largest error and where it is', () => {
  const output = parityOf('out', got(1, 2, 3), want(1, 2.5, 3.25), 0.4);
  expect(output).toMatchObject({ maxAbsError: 0.5, maxAbsIndex: 1, maxAbsReference: 3.25, passes: false });
  expect(parityOf('out', got(1, 2, 3), want(1, 2.5, 3.25), 0.5).passes).toBe(true);
});

test('equal infinities agree; an infinity against a number, or NaN on one side, never passes', () => {
  expect(parityOf('lse', got(-Infinity, 1), want(-Infinity, 1), 0)).toMatchObject({
    nonFiniteMismatches: 0,
    nonFiniteMatches: 1,
    passes: true,
  });
  expect(parityOf('lse', got(-1e30, 1), want(-Infinity, 1), 1).nonFiniteMismatches).toBe(1);
  expect(parityOf('lse', got(Number.NaN, 1), want(0, 1), 1).passes).toBe(false);
});

test('a missing element fails', () => {
  expect(parityOf('out', got(1), want(1, 2), 1).passes).toBe(false);
});

test('each element is in one class of the histogram, by decade', () => {
  const { histogram } = parityOf('out', got(0, 0, 0, 0), want(0, 1e-9, 3e-4, 5), 10);
  const filled = Object.fromEntries(
    histogram.filter(({ count }) => count > 0).map(({ label, count }) => [label, count]),
  );
  expect(filled).toEqual({ '0': 1, '≤ 1e-9': 1, '≤ 1e-3': 1, '> 1e-1': 1 });
});
