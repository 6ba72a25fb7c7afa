import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { patches } from './patches.ts';

const counted = (planes: number, height: number, width: number) =>
  tensor(
    'f32',
    [1, planes, height, width],
    Array.from({ length: planes * height * width }, (_, i) => i + 1),
  );

function run(config: object, x: ReturnType<typeof tensor>) {
  const { out } = patches.reference(patches.resolve(config, { x }), { x });
  return { shape: out!.shape, data: Array.from(out!.data) };
}

test('the reference cuts a picture by hand: tokens row by row, cells plane by plane', () => {
  // 1 2 3 4 / 5 6 7 8 and, in the second plane, 9 … 16
  expect(run({ patch: 2 }, counted(2, 2, 4))).toEqual({
    shape: [1, 2, 8],
    data: [1, 2, 5, 6, 9, 10, 13, 14, 3, 4, 7, 8, 11, 12, 15, 16],
  });
});

test('patches overlap, and past the edges are zeros', () => {
  const { shape, data } = run({ patch: 2, stride: 1, padding: 1 }, counted(1, 1, 2));
  expect(shape).toEqual([1, 6, 4]);
  expect(data).toEqual([0, 0, 0, 1, 0, 0, 1, 2, 0, 0, 2, 0, 0, 1, 0, 0, 1, 2, 0, 0, 2, 0, 0, 0]);
});

test('windows of one cell turn planes into rows', () => {
  expect(run({ patch: 1 }, counted(2, 1, 3))).toEqual({ shape: [1, 3, 2], data: [1, 4, 2, 5, 3, 6] });
});

test('a patch larger than the picture is refused by name', () => {
  expect(() => patches.resolve({ patch: 4 }, { x: counted(1, 3, 9) })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'patch', value: 4, limit: 3 }),
  );
});
