import { expect, test } from 'vitest';
import { nonFiniteWarnings } from './non-finite.ts';
import { tensor } from './tensor.ts';

test('each tensor with a number that is not finite is named with the first of them', () => {
  const tensors = {
    q: tensor('f32', [2, 2], [0, -1e38, 1, 2]),
    k: tensor('f32', [3], [1, Number.NaN, Infinity]),
    v: tensor('f32', [2], [-Infinity, 0]),
    lengths: tensor('u32', [1], [0xffffffff]),
    none: tensor('f32', [0], []),
  };
  const warnings = nonFiniteWarnings(tensors);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/^k holds NaN at index 1:/);
  expect(warnings[1]).toMatch(/^v holds -Infinity at index 0:/);
});
