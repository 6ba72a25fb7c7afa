import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { conv2d } from './conv2d.ts';
import { cellsAlong, windowsAlong } from './windows.ts';

const x = tensor('f32', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const cross = tensor('f32', [2, 1, 2, 2], [1, 10, 100, 1000, 0, 0, 0, -1]);

function run(config: object, inputs: Parameters<typeof conv2d.reference>[1]) {
  const { out } = conv2d.reference(conv2d.resolve(config, inputs), inputs);
  return { shape: out!.shape, data: Array.from(out!.data) };
}

test('the reference moves hand-checked filters over a picture', () => {
  expect(run({ activation: 'none' }, { x, weight: cross })).toEqual({
    shape: [1, 2, 2, 2],
    data: [5421, 6532, 8754, 9865, -5, -6, -8, -9],
  });
  expect(run({}, { x, weight: cross }).data.slice(4)).toEqual([0, 0, 0, 0]);
});

test('past the edges are zeros, and what a stride does not reach is left out', () => {
  // Windows start at −1 and 1: 0 0 0 1, then 0 0 2 3, then 0 4 0 7, then 5 6 8 9.
  const found = run({ activation: 'none', stride: 2, padding: 1 }, { x, weight: cross });
  expect(found.data.slice(0, 4)).toEqual([1000, 3200, 7040, 9865]);
});

test('planes are summed', () => {
  const two = tensor('f32', [1, 2, 1, 1], [3, 5]);
  expect(run({}, { x: two, weight: tensor('f32', [1, 2, 1, 1], [10, 1]) }).data).toEqual([35]);
});

test('windows and their cells, counted by hand', () => {
  const wide = { kernel: 7, stride: 2, padding: 3 };
  expect([30, 23].map((extent) => windowsAlong(extent, wide))).toEqual([15, 12]);
  // From −1, 1, 3: cells 0 1, then 1 2 3, then 3 4 of five.
  expect(cellsAlong(5, { kernel: 3, stride: 2, padding: 1 })).toBe(2 + 3 + 2);
  // From −4 to 1: each of two cells is in five windows.
  expect(cellsAlong(2, { kernel: 5, stride: 1, padding: 4 })).toBe(5 * 2);
});

test('a window that could lie outside, or that does not fit, is refused by name', () => {
  expect(() =>
    conv2d.resolve({ batch: 1, planes: 1, height: 4, width: 4, outPlanes: 1, kernel: 2, padding: 2 }),
  ).toThrow(expect.objectContaining({ code: 'bad-config', field: 'padding', value: 2, limit: 1 }));
  expect(() =>
    conv2d.resolve({ batch: 1, planes: 1, height: 2, width: 9, outPlanes: 1, kernel: 5, padding: 1 }),
  ).toThrow(expect.objectContaining({ code: 'bad-config', field: 'kernel', value: 5, limit: 4 }));
});
