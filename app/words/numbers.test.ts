import { expect, test } from 'vitest';
import { recordWalk } from '../mechanisms/attention/testing/traced-walk.ts';
import { declaredWorkgroupBytes, numbersOf } from './numbers.ts';

const { trace } = recordWalk({ nq: 4, nk: 4, headDim: 2, br: 2, bc: 2, visits: () => [0, 1] });
const bytes = (buffer: string, loadBytes: number, storeBytes: number) => ({
  buffer,
  loads: 0,
  stores: 0,
  loadBytes,
  storeBytes,
});
const right = {
  buffers: [bytes('q', 32, 0), bytes('k', 64, 0), bytes('v', 64, 0), bytes('out', 0, 32)],
  workgroupBytes: 16,
  extraBytes: 0,
  events: { tiles: 4 },
};

test('counts that equal the closed form agree, row by row', () => {
  const numbers = numbersOf(trace, right);
  expect(numbers.read).toEqual({ id: 'read', counted: 160, closedForm: 160, agrees: true });
  expect(numbers.written).toMatchObject({ counted: 32, agrees: true });
  expect(numbers.events).toEqual([{ id: 'tiles', counted: 4, closedForm: 4, agrees: true }]);
  expect(numbers.workgroupBytes.agrees).toBe(true);
});

test('one byte off disagrees, in its row and in the sum', () => {
  const wrong = { ...right, buffers: [...right.buffers.slice(1), bytes('q', 33, 0)] };
  const numbers = numbersOf(trace, wrong);
  expect(numbers.read.agrees).toBe(false);
  expect(numbers.buffers.filter(({ read }) => read.agrees === false).map(({ name }) => name)).toEqual(['q']);
});

test('where an access went past an end, equal counts prove nothing, and unequal ones still disagree', () => {
  const row = { dispatch: 0, workgroup: 0, buffer: 'v', line: 1, loads: 1, stores: 0, atomics: 0 };
  const numbers = numbersOf({ ...trace, outOfBounds: [row] }, { ...right, events: { tiles: 5 } });
  const verdicts = [numbers.read, numbers.written, numbers.workgroupBytes, ...numbers.buffers.map(({ read }) => read)];
  expect(verdicts.map(({ agrees }) => agrees)).toEqual(verdicts.map(() => null));
  expect(numbers.events[0]!.agrees).toBe(false);
});

test('a buffer the formula does not name was expected to stay untouched', () => {
  const without = { ...right, buffers: right.buffers.slice(1) };
  expect(numbersOf(trace, without).buffers.find(({ name }) => name === 'q')?.read).toMatchObject({
    closedForm: 0,
    agrees: false,
  });
});

test('without a closed form nothing agrees or disagrees', () => {
  expect(numbersOf(trace, null).read).toMatchObject({ closedForm: null, agrees: null });
});

test('declared workgroup memory is that of the largest dispatch, each array counted where its kernel declares it', () => {
  const array = (name: string, length: number) => ({ name, space: 'workgroup' as const, elementBytes: 4, length });
  const dispatch = {
    workgroups: [1, 1, 1] as [number, number, number],
    workgroupSize: [1, 1, 1] as [number, number, number],
    stepSource: 'markers' as const,
  };
  const two = {
    ...trace,
    buffers: [array('shared', 4), array('first', 10), array('b.wgsl:own', 3)],
    dispatches: [
      { kernel: 'a.wgsl', ...dispatch },
      { kernel: 'b.wgsl', ...dispatch },
    ],
    sources: {
      'a.wgsl': 'var<workgroup> shared: array<f32, 4>; var<workgroup> first: array<f32, 10>;',
      'b.wgsl': 'var<workgroup> shared: array<f32, 4>; // var<workgroup> first: …\nvar<workgroup> own: array<f32, 3>;',
    },
  };
  expect(declaredWorkgroupBytes(two)).toBe(4 * (4 + 10));
});
