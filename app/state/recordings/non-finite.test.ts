import { expect, test } from 'vitest';
import { nonFiniteRemark } from './non-finite.ts';

const tensor = (...values: number[]) => ({
  dtype: 'f32' as const,
  shape: [values.length],
  data: Float32Array.from(values),
});

test('NaN and infinities are counted by tensor, with the first place', () => {
  const tensors = { q: tensor(1, NaN, NaN), k: tensor(-Infinity, 1, NaN), v: tensor(0, -0, 3e38) };
  const remark = nonFiniteRemark('mine.npy', tensors);
  expect(remark).toMatch(
    /^mine\.npy .*2 NaN in q \(first at element 1\); 1 NaN and 1 infinite in k \(first at element 0\)\./,
  );
});

test('finite numbers need no remark', () => {
  expect(nonFiniteRemark('mine.npy', { q: tensor(1, 2), k: tensor(), v: tensor(-3e38) })).toBeUndefined();
});
