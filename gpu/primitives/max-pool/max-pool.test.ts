import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { maxPool } from './max-pool.ts';

function run(config: object, x: ReturnType<typeof tensor>) {
  const { out } = maxPool.reference(maxPool.resolve(config, { x }), { x });
  return { shape: out!.shape, data: Array.from(out!.data) };
}

test('the reference takes the largest of hand-checked windows', () => {
  const x = tensor('f32', [1, 2, 2, 4], [1, 5, 2, 0, 3, 4, 9, 8, -1, -5, -2, 0, -3, -4, -9, -8]);
  expect(run({ kernel: 2, stride: 2 }, x)).toEqual({ shape: [1, 2, 1, 2], data: [5, 9, -1, 0] });
});

test('cells past the edges never win, and a window that reaches beyond them is left out', () => {
  const x = tensor('f32', [1, 1, 1, 4], [-7, -3, -5, -4]);
  // From −1, 1 and 3 … the last would reach beyond the padding at 5.
  expect(run({ kernel: 3, stride: 2, padding: 1 }, x)).toEqual({ shape: [1, 1, 1, 2], data: [-3, -3] });
  expect(() => maxPool.resolve({ kernel: 2, stride: 1, padding: 2 }, { x })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'padding', limit: 1 }),
  );
});
