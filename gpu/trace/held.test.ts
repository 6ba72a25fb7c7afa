// Every record stands at its coordinates, with its step, and nothing stands anywhere else.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Extents, type Held, held, NEVER, tablesOf } from './held.ts';
import type { RecordTable, Trace } from './trace.ts';

/** A table of rows that begin with their step. */
function tableOf(values: string[], at: string[], rows: readonly (readonly number[])[], kernel = 'k.wgsl'): RecordTable {
  return {
    kernel,
    line: 1,
    values,
    at,
    step: Uint32Array.from(rows, ([step]) => step!),
    invocation: new Uint32Array(rows.length),
    columns: [...values, ...at].map((_, i) => Float32Array.from(rows, (row) => row[i + 1]!)),
  };
}

const traceOf = (...records: RecordTable[]): Pick<Trace, 'records'> => ({ records });
const plain = ({ values, step }: Held) => ({ values: Array.from(values), step: Array.from(step) });

describe('held values', () => {
  test('stand at their coordinates over the axes asked for, in the order asked for', () => {
    const table = tableOf(
      ['m', 'l'],
      ['head', 'row'],
      [
        [3, 0.5, 9, 1, 2],
        [4, 0.25, 9, 1, 0],
        [5, 7, 9, 0, 1],
      ],
    );
    expect(plain(held(traceOf(table), 'm', { row: 3 }, { head: 1 }))).toEqual({
      values: [0.25, Number.NaN, 0.5],
      step: [4, NEVER, 3],
    });
    expect(plain(held(traceOf(table), 'm', { row: 3, head: 2 }))).toEqual({
      values: [Number.NaN, 0.25, 7, Number.NaN, Number.NaN, 0.5],
      step: [NEVER, 4, 5, NEVER, NEVER, 3],
    });
  });

  test('are kept as long as they do not take up too much memory; the one asked for last is', () => {
    const trace = traceOf(tableOf(['h'], ['time'], [[0, 1, 1]]));
    const lengths = [10, 7 << 20];
    const before = new Map<number, Held>();
    /** Whether these are still what they were when they were last asked for. */
    const isKept = (length: number) => {
      const now = held(trace, 'h', { time: length });
      const same = now === before.get(length);
      before.set(length, now);
      return same;
    };
    for (const length of lengths) isKept(length);
    expect(lengths.map(isKept)).toEqual([true, true]);
    isKept(10 << 20);
    expect([10 << 20, 7 << 20].map(isKept)).toEqual([true, false]);
    // One that is larger than all that may be kept is kept as long as it is the last.
    isKept(17 << 20);
    expect([17 << 20, 10].map(isKept)).toEqual([true, false]);
  });

  test('take a coordinate from a value of that name where a line has none behind at', () => {
    const table = tableOf(['time', 'h'], [], [[2, 1, 0.5]]);
    expect(Array.from(held(traceOf(table), 'h', { time: 2 }).values)).toEqual([Number.NaN, 0.5]);
  });

  test('run along an axis from the line’s own coordinate, and from 0 where it has none', () => {
    const quads = tableOf(['h[state+0]', 'h[state+1]', 'h[state+2]'], ['time'], [[5, 10, 11, 12, 1]]);
    expect(Array.from(held(traceOf(quads), 'h', { state: 3, time: 2 }).values)).toEqual([
      Number.NaN,
      10,
      Number.NaN,
      11,
      Number.NaN,
      12,
    ]);
    expect(Array.from(held(traceOf(quads), 'h', { time: 2 }, { state: 2 }).values)).toEqual([Number.NaN, 12]);
    const channels = tableOf(['step[channel+0]', 'step[channel+1]'], ['channel'], [[5, 0.1, 0.2, 2]]);
    expect(Array.from(held(traceOf(channels), 'step', { channel: 5 }).step)).toEqual([NEVER, NEVER, 5, 5, NEVER]);
  });

  test('are the last ones recorded, whichever line of whichever kernel comes first', () => {
    const late = tableOf(['m'], ['row'], [[9, 2, 0]], 'late.wgsl');
    const early = tableOf(
      ['m'],
      ['row'],
      [
        [1, 0, 0],
        [4, 1, 0],
      ],
    );
    for (const trace of [traceOf(late, early), traceOf(early, late)])
      expect(plain(held(trace, 'm', { row: 1 }))).toEqual({ values: [2], step: [9] });
  });

  test('leave out what lies outside the extents, and lines that lack an axis', () => {
    const outside = tableOf(
      ['h'],
      ['time'],
      [
        [0, 1, 4],
        [0, 1, -1],
        [0, 1, 0.5],
        [0, 1, Number.NaN],
      ],
    );
    expect(held(traceOf(outside), 'h', { time: 4 }).count).toBe(0);
    expect(tablesOf(traceOf(outside), 'h', ['chunk'])).toEqual([]);
    expect(tablesOf(traceOf(outside), 'g', ['time'])).toEqual([]);
    expect(tablesOf({ records: undefined }, 'h', [])).toEqual([]);
  });

  test('are known, and have no step, where no steps were recorded', () => {
    const table = tableOf(
      ['h'],
      ['time'],
      [
        [NEVER, 1, 0],
        [NEVER, 2, 0],
      ],
    );
    expect(held(traceOf(table), 'h', { time: 1 })).toEqual({
      values: Float32Array.of(2),
      step: Uint32Array.of(NEVER),
      count: 2,
    });
  });

  test('every record of any tables is found at its place, and there is nothing else', () => {
    const axes = ['batch', 'row', 'key'];
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
    );
    const row = fc.tuple(fc.nat(30), fc.float({ noNaN: true }), fc.nat(3), fc.nat(4), fc.nat(5));
    fc.assert(
      fc.property(sizes, fc.array(fc.array(row), { maxLength: 3 }), fc.nat(2), (extents, tables, fixed) => {
        const sorted = tables.map((rows) => [...rows].sort((a, b) => a[0] - b[0]));
        const trace = traceOf(...sorted.map((rows) => tableOf(['s'], axes, rows)));
        const shape: Extents = { key: extents[2], row: extents[1] };
        const { values, step } = held(trace, 's', shape, { batch: fixed });
        const expected = new Map<number, { step: number; value: number }>();
        for (const [at, value, batch, query, key] of sorted.flat()) {
          if (batch !== fixed || query >= extents[1] || key >= extents[2]) continue;
          const place = key * extents[1] + query;
          if (at >= (expected.get(place)?.step ?? 0)) expected.set(place, { step: at, value });
        }
        for (let i = 0; i < values.length; i++) {
          expect(step[i]).toBe(expected.get(i)?.step ?? NEVER);
          expect(values[i]).toBe(Math.fround(expected.get(i)?.value ?? Number.NaN));
        }
      }),
    );
  });

  test('are made once: the same question about the same trace gives the same arrays', () => {
    const rows = Array.from({ length: 65_536 }, (_, i) => [i, i, i % 256, i >> 8]);
    const trace = traceOf(tableOf(['s'], ['row', 'key'], rows));
    const asked = () => held(trace, 's', { row: 256, key: 256 });
    const first = asked();
    expect(first.count).toBe(65_536);
    expect(asked()).toBe(first);
    expect(held(trace, 's', { key: 256, row: 256 })).not.toBe(first);
    expect(held(trace, 's', { row: 256, key: 256 }, { row: 1 })).not.toBe(first);
    // The oldest are dropped, not the ones still asked for.
    for (let i = 0; i < 200; i++) {
      held(trace, 's', { row: 1 }, { key: i });
      asked();
    }
    expect(asked()).toBe(first);
  });
});
