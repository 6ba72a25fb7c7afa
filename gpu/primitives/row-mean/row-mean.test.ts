import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { rowMean } from './row-mean.ts';

const x = tensor('f32', [2, 2, 2], [1, 2, 3, 6, 10, 20, 30, 60]);

test('the reference takes the mean of hand-checked rows, plain and weighted', () => {
  const plain = rowMean.reference(rowMean.resolve({}, { x }), { x }).out!;
  expect(plain.shape).toEqual([2, 2]);
  expect(Array.from(plain.data)).toEqual([2, 4, 20, 40]);
  const given = { x, weights: tensor('f32', [2, 2], [2, 1, 0, 0.5]) };
  const weighted = rowMean.reference(rowMean.resolve({}, given), given).out!;
  expect(Array.from(weighted.data)).toEqual([5, 10, 15, 30]);
});

test('weights of another number of rows are refused by name', () => {
  const weights = tensor('f32', [2, 3], [1, 1, 1, 1, 1, 1]);
  expect(() => rowMean.resolve({}, { x, weights })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', value: 3, limit: 2 }),
  );
});
