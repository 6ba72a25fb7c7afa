import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordWalk } from '../mechanisms/attention/testing/traced-walk.ts';
import { coordinateOf, elementIndex, elementPlace, isHeld, type Place } from './place.ts';
import type { Recording } from './recording.ts';

const named = { name: 'q', shape: [2, 5, 3, 4], axes: ['batch', 'row', 'head', 'dim'] };
const unnamed = { name: 'w', shape: [6, 7] };

describe('elements of tensors', () => {
  test('stand on the tensor’s axes, and come back as the element they were', () => {
    expect(elementPlace(named, 3 + 4 * (1 + 3 * (2 + 5)))).toEqual({
      kind: 'at',
      tensor: 'q',
      at: { batch: 1, row: 2, head: 1, dim: 3 },
    });
    fc.assert(fc.property(fc.nat(119), (i) => elementIndex(named, elementPlace(named, i)) === i));
  });

  test('of a tensor without named axes are known by their number in memory, which all tensors understand', () => {
    expect(elementPlace(unnamed, 41)).toEqual({ kind: 'at', tensor: 'w', at: { element: 41 } });
    expect(elementIndex(unnamed, elementPlace(unnamed, 41))).toBe(41);
    expect(elementIndex(named, { kind: 'at', tensor: 'q', at: { element: 119 } })).toBe(119);
  });

  test('have the coordinate that an axis of that name has, where the tensor has one', () => {
    const sums = { name: 'sum', shape: [2, 16, 8], axes: ['head', 'element', 'chunk'] };
    expect(elementIndex(sums, { kind: 'at', tensor: 'sum', at: { head: 1, element: 3, chunk: 2 } })).toBe(154);
    expect(elementIndex(sums, { kind: 'at', tensor: 'sum', at: { element: 3 } })).toBeNull();
  });

  test('are none where a coordinate is missing, too large, or of another tensor', () => {
    const at = { batch: 1, row: 2, head: 1, dim: 3 };
    expect(elementIndex(named, { kind: 'at', tensor: 'q', at: { ...at, dim: 4 } })).toBeNull();
    expect(elementIndex(named, { kind: 'at', tensor: 'q', at: { batch: 1, row: 2 } })).toBeNull();
    expect(elementIndex(named, { kind: 'at', tensor: 'k', at })).toBeNull();
    expect(elementIndex(named, { kind: 'at', at })).toBeNull();
    expect(elementIndex(unnamed, { kind: 'at', tensor: 'w', at: { element: 42 } })).toBeNull();
    expect(elementIndex(named, { kind: 'buffer', buffer: 'q' })).toBeNull();
  });
});

test('an axis that a place does not name has no coordinate, be it called like what objects have by themselves', () => {
  const place: Place = { kind: 'at', at: { row: 3 } };
  expect(coordinateOf(place, 'row')).toBe(3);
  expect(coordinateOf(place, 'constructor')).toBeNull();
  expect(coordinateOf({ kind: 'buffer', buffer: 'row' }, 'row')).toBeNull();
  expect(coordinateOf(null, 'row')).toBeNull();
});

describe('whether a run has a place', () => {
  const walked = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] });
  const buffers = walked.plan.buffers.map((buffer) =>
    buffer.name === 'q' ? { ...buffer, axes: ['batch', 'row', 'head', 'dim'].slice(-buffer.shape.length) } : buffer,
  );
  const recording: Recording = { ...walked, plan: { ...walked.plan, buffers } };
  const holds = (place: Place, own?: Record<string, number>) => isHeld(recording, place, own);
  const on = (at: Record<string, number>, tensor?: string): Place => ({ kind: 'at', at, ...(tensor && { tensor }) });

  test('is said by the extents of its tensors’ axes, and by those the exhibit adds', () => {
    expect(holds(on({ row: 7, dim: 3 }))).toBe(true);
    expect(holds(on({ row: 8 }))).toBe(false);
    expect(holds(on({ row: 7, dim: 4 }, 'q'))).toBe(false);
    expect(holds(on({ row: 6 }), { row: 6 })).toBe(false);
    expect(holds(on({ element: 31 }, 'q'))).toBe(true);
    expect(holds(on({ element: 32 }, 'q'))).toBe(false);
  });

  test('is not doubted for axes, tensors and kernels that the run knows nothing of', () => {
    expect(holds(on({ channel: 4000, constructor: 3 }))).toBe(true);
    expect(holds(on({ element: 4000 }, 's'))).toBe(true);
    expect(holds({ kind: 'line', kernel: 'another.wgsl', line: 4000 })).toBe(true);
    expect(holds({ kind: 'buffer', buffer: 's' })).toBe(true);
  });

  test('of workgroups and lines is said by the grid and the kernel', () => {
    const [x, y, z] = recording.trace.dispatches[0]!.workgroups;
    expect(holds({ kind: 'workgroup', dispatch: 0, workgroup: x * y * z - 1 })).toBe(true);
    expect(holds({ kind: 'workgroup', dispatch: 0, workgroup: x * y * z })).toBe(false);
    expect(holds({ kind: 'workgroup', dispatch: recording.trace.dispatches.length, workgroup: 0 })).toBe(false);
    const { file, wgsl } = recording.kernels[0]!;
    const lines = wgsl.split('\n').length;
    expect([0, 1, lines, lines + 1].map((line) => holds({ kind: 'line', kernel: file, line }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
