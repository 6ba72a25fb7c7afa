// Rows of several lines as one list, in the order of the run.

import { expect, test } from 'vitest';
import { rowsOf, tablesWith, visitsOn } from './record-rows.ts';
import type { RecordTable } from './trace.ts';

const table = (values: string[], at: string[], step: number[], ...columns: number[][]): RecordTable => ({
  kernel: 'k.wgsl',
  line: 1,
  values,
  at,
  step: Uint32Array.from(step),
  invocation: new Uint32Array(step.length),
  columns: columns.map((column) => Float32Array.from(column)),
});
const folds = table(['m', 'rescale'], ['row'], [1, 4], [5, 6], [0.5, 0.25], [0, 1]);
const whole = table(['m'], ['row', 'head'], [2], [7], [3], [9]);
const visits = table([], ['row', 'key'], [0, 3], [0, 0], [0, 8]);
const trace = { records: [folds, whole, visits] };

test('lines that lack a name are left out, and places alone are no values', () => {
  expect(tablesWith(trace, ['row', 'm'])).toEqual([folds, whole]);
  expect(tablesWith(trace, ['row'])).toEqual([folds, whole, visits]);
  expect(tablesWith({}, ['row'])).toEqual([]);
  expect(visitsOn(trace, ['row'])).toEqual([visits]);
});

test('rows of several lines follow the run; what a line does not have is NaN', () => {
  const { count, step, columns } = rowsOf(tablesWith(trace, ['m']), ['row', 'm', 'rescale']);
  expect([count, ...step]).toEqual([3, 1, 2, 4]);
  expect(columns.map((column) => Array.from(column))).toEqual([
    [0, 3, 1],
    [5, 7, 6],
    [0.5, Number.NaN, 0.25],
  ]);
});

test('the rows of one line are its own columns, not copies', () => {
  expect(rowsOf([folds], ['row', 'm']).columns).toEqual([folds.columns[2], folds.columns[0]]);
  expect(rowsOf([folds], ['m']).columns[0]).toBe(folds.columns[0]);
  expect(rowsOf([], ['m'])).toMatchObject({ count: 0, columns: [new Float32Array(0)] });
});
