import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { cctTokenizer } from './cct-tokenizer.ts';

const one = (shape: number[], value: number) => tensor('f32', shape, [value]);

test('the reference makes tokens of a hand-checked picture', () => {
  const x = tensor('f32', [1, 1, 2, 4], [1, -5, 2, 3, 4, 0, -1, -2]);
  const config = { outChannels: 1, kernel: 1, padding: 0, poolKernel: 2, poolStride: 2, poolPadding: 0 };
  const inputs = { x, conv_layers_0_weight: one([1, 1, 1, 1], -1) };
  // Negated, cut off below 0, the largest of each 2 × 2.
  const pooled = cctTokenizer.reference(cctTokenizer.resolve(config, inputs), inputs);
  expect(pooled.map).toEqual({ shape: [1, 1, 1, 2], data: Float64Array.of(5, 2) });
  expect(pooled.tokens!.shape).toEqual([1, 2, 1]);
  const plain = cctTokenizer.resolve(
    { ...config, maxPool: false, activation: 'none', layers: 2, inPlanes: 1 },
    {
      ...inputs,
      conv_layers_1_weight: one([1, 1, 1, 1], 3),
    },
  );
  const twice = cctTokenizer.reference(plain, { ...inputs, conv_layers_1_weight: one([1, 1, 1, 1], 3) });
  expect(Array.from(twice.tokens!.data)).toEqual([-3, 15, -6, -9, -12, 0, 3, 6]);
});

test('a picture that shrinks below a window, and filters of another depth, are refused by name', () => {
  const sizes = { batch: 1, inChannels: 1, height: 4, width: 4, layers: 4, inPlanes: 2, padding: 0 };
  expect(() => cctTokenizer.resolve(sizes)).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'kernel', value: 3, limit: 1 }),
  );
  const weight = tensor('f32', [1, 2, 1, 1], [1, 1]);
  const inputs = { x: tensor('f32', [1, 1, 3, 3], new Array(9).fill(1)), conv_layers_0_weight: weight };
  expect(() => cctTokenizer.resolve({ kernel: 1, padding: 0, outChannels: 1 }, inputs)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'conv_layers_0_weight', limit: [1, 1, 1, 1] }),
  );
});
