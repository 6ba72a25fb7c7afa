import { expect, test } from 'vitest';
import { integerTensor, normalTensor } from './random.ts';

test('the same seed and name give the same numbers, another seed or name others', () => {
  const first = normalTensor(1, 'q', [3, 5]);
  expect(normalTensor(1, 'q', [3, 5])).toEqual(first);
  expect(normalTensor(2, 'q', [3, 5]).data).not.toEqual(first.data);
  expect(normalTensor(1, 'k', [3, 5]).data).not.toEqual(first.data);
});

test('normal numbers have mean 0 and deviation as asked', () => {
  const data = Array.from(normalTensor(7, 'x', [20_001], 2).data);
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  // Standard errors: 2/√20001 = 0.014 and 4·√(2/20001) = 0.04.
  expect(Math.abs(mean)).toBeLessThan(0.06);
  expect(Math.abs(variance - 4)).toBeLessThan(0.16);
  expect(data.every(Number.isFinite)).toBe(true);
});

test('integers reach both ends of their range and stay in it', () => {
  const { data } = integerTensor(3, 'ids', [2000], -2, 3);
  expect(new Set(data)).toEqual(new Set([-2, -1, 0, 1, 2]));
});
