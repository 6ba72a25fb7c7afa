import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { requireWholeTensor } from '../run/experiment.ts';
import { requireOwnMemory } from './check-memory.ts';
import { copied } from './copy-arguments.ts';

/** Transferred to another thread, as a page does that gives a worker its arrays. */
function detached(): Float32Array {
  const array = new Float32Array(4);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

test('arrays whose memory is gone or shared are refused by name; an empty one is none of them', () => {
  const shared = new Float32Array(new SharedArrayBuffer(16));
  const lost = {
    code: 'bad-input',
    field: 'x.data',
    message: expect.stringMatching(/^x\.data has no memory any more/),
  };
  expect(() => requireOwnMemory('x.data', detached())).toThrow(expect.objectContaining(lost));
  expect(() => requireOwnMemory('x.data', shared)).toThrow(/x\.data lies in shared memory/);
  for (const array of [new Float32Array(0), new Float32Array(4), new Float32Array(8).subarray(4)])
    expect(() => requireOwnMemory('x.data', array)).not.toThrow();
});

test('what a call hands over is refused by the path to it, tensors by their name', () => {
  expect(() => copied({ x: tensor('f32', [4], detached()) })).toThrow(expect.objectContaining({ field: 'x.data' }));
  const spec = { bindings: [{ binding: 0 }, { binding: 1, data: detached() }] };
  expect(() => copied(spec)).toThrow(expect.objectContaining({ code: 'bad-input', field: 'bindings[1].data' }));
  const given = { shape: [4], dtype: 'f32' as const, data: detached() };
  expect(() => requireWholeTensor('x', given)).toThrow(expect.objectContaining({ field: 'x.data' }));
  expect(copied({ a: [1, { b: Float32Array.of(1) }] })).toEqual({ a: [1, { b: Float32Array.of(1) }] });
});
