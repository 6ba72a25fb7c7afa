import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { addPositions } from './add-positions.ts';

const x = tensor('f32', [2, 1, 2], [1, 2, 3, 4]);

function run(inputs: Parameters<typeof addPositions.reference>[1] & Record<string, ReturnType<typeof tensor>>) {
  const { out } = addPositions.reference(addPositions.resolve({}, inputs), inputs);
  return { shape: out!.shape, data: Array.from(out!.data) };
}

test('the reference places hand-checked rows, with a class token and without, with positions and without', () => {
  const class_token = tensor('f32', [2], [100, 200]);
  const positions = tensor('f32', [2, 2], [10, 20, 30, 40]);
  expect(run({ x, class_token, positions })).toEqual({ shape: [2, 2, 2], data: [110, 220, 31, 42, 110, 220, 33, 44] });
  expect(run({ x, class_token }).data).toEqual([100, 200, 1, 2, 100, 200, 3, 4]);
  expect(run({ x, positions: tensor('f32', [1, 2], [10, 20]) })).toEqual({ shape: [2, 1, 2], data: [11, 22, 13, 24] });
});

test('positions of another number of rows are refused by name', () => {
  const positions = tensor('f32', [3, 2], [0, 0, 0, 0, 0, 0]);
  expect(() => addPositions.resolve({}, { x, positions })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'positions', value: [3, 2], limit: [1, 2] }),
  );
});
