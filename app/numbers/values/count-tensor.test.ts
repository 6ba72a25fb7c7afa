import { expect, test } from 'vitest';
import { recordWalk } from '../../mechanisms/attention/testing/traced-walk.ts';
import { countTensor } from './count-tensor.ts';
import type { RunTensor } from './run-tensors.ts';

const run = recordWalk({ nq: 8, nk: 12, br: 2, bc: 3, headDim: 4, visits: () => [0, 1, 2, 3] });
const tensor = (name: string, data: RunTensor['given']): RunTensor => ({
  name,
  axes: ['at'],
  shape: [3],
  madeAs: [3],
  dtype: 'f32',
  given: data,
  readBack: null,
  isRecorded: false,
});

test('closing the panel and opening it again does not count again', async () => {
  const first = countTensor(run, tensor('x', Float32Array.of(1, 2, 3)));
  const again = countTensor(run, tensor('x', Float32Array.of(1, 2, 3)));
  expect(again.done).toBe(first.done);
  expect(await first.done).toMatchObject({ statistics: { finite: 3, mean: 2 } });
  expect(first.result).toBe(await again.done);
  expect(countTensor(run, tensor('x', null)).done).toBe(first.done);
});

test('a count that fails says why instead of going on for ever, and is tried again', async () => {
  const broken = new Proxy(Float32Array.of(1, 2, 3), {
    get(_, key) {
      if (key === 'length') return 3;
      throw new RangeError('no memory');
    },
  });
  const failed = await countTensor(run, tensor('y', broken)).done;
  expect(failed).toEqual(new RangeError('no memory'));
  expect(await countTensor(run, tensor('y', Float32Array.of(4, 4, 4))).done).toMatchObject({ statistics: { mean: 4 } });
});

test('of a tensor of which nothing is known that is the result', async () => {
  expect(await countTensor(run, tensor('z', null)).done).toBeNull();
});
