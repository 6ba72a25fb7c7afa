import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { shortConvolution } from './short-convolution.ts';

const x = tensor('f32', [1, 3, 1], [1, 10, 100]);
const past = tensor('f32', [1, 1, 1], [5]);

test('the reference filters a hand-checked text, its weight in either order', () => {
  const run = (raw: object, weight: number[], shape: number[]) => {
    const inputs = { x, past, weight: tensor('f32', shape, weight) };
    const { out, new_past } = shortConvolution.reference(shortConvolution.resolve(raw, inputs), inputs);
    return [...out!.data, ...new_past!.data];
  };
  // 2 · this row + 3 · the one before it; nothing before the first.
  expect(run({}, [2, 3], [2, 1])).toEqual([2, 23, 230, 100]);
  expect(run({ newestLast: true }, [3, 2], [1, 2])).toEqual([2, 23, 230, 100]);
  // After a text of one row or more, 5 came before.
  expect(run({ position: 1 }, [2, 3], [2, 1])).toEqual([17, 23, 230, 100]);
});

test('a filter of one tap or of nine is refused by name', () => {
  for (const width of [1, 9])
    expect(() => shortConvolution.resolve({ tokens: 2, channels: 2, width })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'width', value: width }),
    );
});
