// The index of a recording says at every tick what its steps say.

import { describe, expect, test } from 'vitest';
import { buffersOf, bytesAt, indexOfTrace } from './recording-index.ts';
import type { Step, Trace } from './trace.ts';

const access = (buffer: number, loads: number, stores: number) => ({
  buffer,
  loads,
  stores,
  loadBytes: 4 * loads,
  storeBytes: 8 * stores,
  first: 0,
  last: 0,
});
const steps = [
  { at: [0, 1, 0], accesses: [access(0, 4, 0)] },
  { at: [0, 0, 0], accesses: [access(0, 4, 0), access(1, 0, 2)] },
  { at: [0, 1, 1], accesses: [access(1, 1, 1)], name: 'fold' },
  { at: [1, 0, 0], accesses: [] },
  { at: [1, 0, 1], accesses: [access(0, 3, 0)], name: 'fold' },
].map(({ at: [dispatch, workgroup, site], ...step }, ticket): Step => {
  return { dispatch: dispatch!, workgroup: workgroup!, phase: 0, site: site!, visit: 0, ticket, lines: [], ...step };
});
const trace = {
  buffers: [
    { name: 'q', space: 'storage', elementBytes: 4, length: 4 },
    { name: 'tile', space: 'workgroup', elementBytes: 4, length: 4 },
  ],
  totals: [],
  columns: {},
  steps,
} as unknown as Trace;

describe('the index of a recording', () => {
  test('has at every tick the bytes of the steps that are finished; at the end all of them', () => {
    const index = indexOfTrace(trace);
    for (let tick = 0; tick <= steps.length; tick++)
      for (let buffer = 0; buffer < 2; buffer++) {
        const done = steps.slice(0, tick).flatMap(({ accesses }) => accesses.filter((each) => each.buffer === buffer));
        expect(bytesAt(index, buffer, tick)).toEqual({
          read: done.reduce((sum, { loadBytes }) => sum + loadBytes!, 0),
          written: done.reduce((sum, { storeBytes }) => sum + storeBytes!, 0),
        });
      }
    expect(bytesAt(index, 0, steps.length).read).toBe(44);
    expect([buffersOf(trace, 'storage'), buffersOf(trace, 'workgroup')]).toEqual([[0], [1]]);
  });

  test('has a lane for every workgroup of every dispatch, and the name of every step', () => {
    const { lanes, lane, names, name } = indexOfTrace(trace);
    expect(lanes).toEqual([
      { dispatch: 0, workgroup: 1, first: 0, last: 2, steps: 2 },
      { dispatch: 0, workgroup: 0, first: 1, last: 1, steps: 1 },
      { dispatch: 1, workgroup: 0, first: 3, last: 4, steps: 2 },
    ]);
    expect([...lane]).toEqual([0, 1, 0, 2, 2]);
    expect(Array.from(name, (each) => names[each])).toEqual(['', '', 'fold', '', 'fold']);
    expect(indexOfTrace(trace)).toBe(indexOfTrace(trace));
  });
});
