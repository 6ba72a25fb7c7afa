import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { cctHead } from './cct-head.ts';

const weights = {
  norm_weight: tensor('f32', [2], [1, 2]),
  norm_bias: tensor('f32', [2], [0, 10]),
  fc_weight: tensor('f32', [2, 2], [1, 0, 0, 1]),
  fc_bias: tensor('f32', [2], [0, 100]),
};
const x = tensor('f32', [1, 2, 2], [1, 5, 9, 3]);

test('the reference reads hand-checked rows by SeqPool', () => {
  // Normalised −1 1 and 1 −1, then −1 12 and 1 8: no weight of the pool speaks for either.
  const pool = { attention_pool_weight: tensor('f32', [1, 2], [0, 0]), attention_pool_bias: tensor('f32', [1], [3]) };
  const inputs = { x, ...weights, ...pool };
  const found = cctHead.reference({ ...cctHead.resolve({}, inputs), epsilon: 0 }, inputs);
  expect(Array.from(found.normed!.data)).toEqual([-1, 12, 1, 8]);
  expect(Array.from(found.pool_logits!.data)).toEqual([3, 3]);
  expect(Array.from(found.pooled!.data)).toEqual([0, 10]);
  expect(Array.from(found.logits!.data)).toEqual([0, 110]);
});

test('a class token stands before the rows and gets the first position', () => {
  const inputs = {
    x,
    ...weights,
    class_emb: tensor('f32', [1, 1, 2], [7, 0]),
    positional_emb: tensor('f32', [1, 3, 2], [0, 8, 0, 0, 0, 0]),
  };
  const found = cctHead.reference({ ...cctHead.resolve({ seqPool: false }, inputs), epsilon: 0 }, inputs);
  // 7 8 becomes −1 1.
  expect(found.normed!.shape).toEqual([1, 3, 2]);
  expect(Array.from(found.pooled!.data)).toEqual([-1, 12]);
  expect(found.pool_logits).toBeUndefined();
});

test('positions without a row for the class token are refused by name', () => {
  const positional_emb = tensor('f32', [1, 2, 2], [0, 0, 0, 0]);
  const inputs = { x, ...weights, class_emb: tensor('f32', [1, 1, 2], [7, 0]), positional_emb };
  expect(() => cctHead.resolve({ seqPool: false }, inputs)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'positional_emb', limit: [1, 3, 2] }),
  );
});
