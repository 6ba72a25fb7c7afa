import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { held, NEVER } from './held.ts';
import { recordedBefore, recordedValues } from './recorded-values.ts';
import type { RecordTable } from './trace.ts';

/** A table of rows that begin with their step. */
function tableOf(values: string[], at: string[], rows: readonly (readonly number[])[]): RecordTable {
  return {
    kernel: 'k.wgsl',
    line: 1,
    values,
    at,
    step: Uint32Array.from(rows, ([step]) => step!),
    invocation: new Uint32Array(rows.length),
    columns: [...values, ...at].map((_, i) => Float32Array.from(rows, (row) => row[i + 1]!)),
  };
}

describe('the values of a recording', () => {
  test('have the axes of their line, and as many places as the largest coordinate needs', () => {
    const records = [
      tableOf(['m', 'l'], ['head', 'row'], [[1, 0, 0, 1, 6]]),
      tableOf(['m'], ['row', 'head'], [[2, 0, 9, 0]]),
      tableOf(['h[state+0]', 'h[state+3]'], ['time'], [[3, 0, 0, 4]]),
      tableOf(['d[channel+0]', 'd[channel+1]'], ['channel'], [[3, 0, 0, 4]]),
    ];
    expect(recordedValues({ records })).toEqual([
      { name: 'm', extents: { head: 2, row: 10 } },
      { name: 'l', extents: { head: 2, row: 7 } },
      { name: 'h', extents: { time: 5, state: 4 } },
      { name: 'd', extents: { channel: 6 } },
    ]);
  });

  test('are none where a line names no axes, and where nothing was recorded', () => {
    expect(recordedValues({ records: [tableOf(['m', 'row'], [], [[1, 0.5, 3]])] })).toEqual([]);
    expect(recordedValues({})).toEqual([]);
  });
});

describe('a value before a step', () => {
  const rows = [
    [2, 0.5, 0],
    [2, 0.75, 1],
    [5, 1.5, 0],
    [9, 2.5, 0],
  ];
  const records = [tableOf(['m'], ['row'], rows)];

  test('is the last one recorded until then', () => {
    const at = (before: number, row = 0) => recordedBefore({ records }, 'm', { row }, before);
    expect([2, 3, 5, 6, 9, 10, Number.POSITIVE_INFINITY].map((before) => at(before)?.value ?? null)).toEqual([
      null,
      0.5,
      0.5,
      1.5,
      1.5,
      2.5,
      2.5,
    ]);
    expect(at(100, 1)).toEqual({ value: 0.75, step: 2 });
    expect(at(100, 2)).toBeNull();
    expect(recordedBefore({ records }, 'x', { row: 0 }, 100)).toBeNull();
  });

  test('of several lines is the latest; without steps it is known at the end only', () => {
    const later = tableOf(['m'], ['row'], [[7, 4, 0]]);
    expect(recordedBefore({ records: [...records, later] }, 'm', { row: 0 }, 9)).toEqual({ value: 4, step: 7 });
    const stepless = [tableOf(['m'], ['row'], [[NEVER, 3, 0]])];
    expect(recordedBefore({ records: stepless }, 'm', { row: 0 }, 1000)).toBeNull();
    expect(recordedBefore({ records: stepless }, 'm', { row: 0 }, Number.POSITIVE_INFINITY)?.value).toBe(3);
  });

  test('at the end of the run is what held values have there, whatever was recorded', () => {
    const anyRow = fc.tuple(fc.nat(20), fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.nat(3), fc.nat(4));
    fc.assert(
      fc.property(fc.array(anyRow), (made) => {
        const sorted = made.toSorted(([a], [b]) => a - b);
        const trace = { records: [tableOf(['h[state+0]', 'h[state+2]'], ['state', 'time'], sorted)] };
        const extents = { time: 5, state: 6 };
        const { values, step } = held(trace, 'h', extents);
        for (let i = 0; i < values.length; i++) {
          const found = recordedBefore(trace, 'h', { time: Math.floor(i / 6), state: i % 6 }, Number.POSITIVE_INFINITY);
          expect(found === null).toBe(step[i] === NEVER);
          // Of one step, the last column written stands, whichever row it is in.
          if (found) expect(found.step).toBe(step[i]);
        }
      }),
    );
  });
});
