import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { compareOutputs } from './compare.ts';

const y = (...values: number[]) => ({ y: tensor('f32', [values.length], values) });

test('equal bits match, NaN poison included', () => {
  expect(compareOutputs(y(1, NaN, -Infinity), y(1, NaN, -Infinity))).toEqual({ matches: true, largestDifference: 0 });
});

test('the largest difference is found among all outputs', () => {
  const plain = { ...y(1, 2), z: tensor('i32', [2], [5, 6]) };
  const traced = { ...y(1, 2.5), z: tensor('i32', [2], [5, 3]) };
  expect(compareOutputs(plain, traced)).toEqual({ matches: false, largestDifference: 3 });
});

test('zeros of different sign differ in their bits, by 0', () => {
  expect(compareOutputs(y(0), y(-0))).toEqual({ matches: false, largestDifference: 0 });
});

test('a value that is finite on one side only differs without bound', () => {
  expect(compareOutputs(y(NaN), y(1)).largestDifference).toBe(Infinity);
  expect(compareOutputs(y(-Infinity), y(1)).largestDifference).toBe(Infinity);
  // And infinities of opposite sign.
  expect(compareOutputs(y(-Infinity), y(Infinity)).largestDifference).toBe(Infinity);
});
