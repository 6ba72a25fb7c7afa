// One table a line over all dispatches, and the lists by name that follow from them.

import { expect, test } from 'vitest';
import { NO_STEP } from './decode.ts';
import { probesOf, RecordCollector, type RecordRows, recordTables } from './record-tables.ts';
import type { Columns } from './steps.ts';

const rows = (step: number[], invocation: number[], ...columns: number[][]): RecordRows => ({
  step: Uint32Array.from(step),
  invocation: Uint32Array.from(invocation),
  columns: columns.map((column) => Float32Array.from(column)),
});
const folds = { kernel: 'a.wgsl', line: 3, values: ['m'], at: ['row'], written: ['m', 'row'] };
const places = { kernel: 'a.wgsl', line: 9, values: [], at: ['row'], written: ['row'] };
const { written: _, ...foldTable } = folds;

test('the dispatches of a kernel follow one another in the table of a line; other kernels have their own', () => {
  const collector = new RecordCollector();
  collector.add(folds, rows([0, 2], [1, 0], [5, 6], [10, 20]), 0);
  collector.add(places, rows([1], [0], [30]), 0);
  collector.add({ ...folds, kernel: 'b.wgsl' }, rows([0], [0], [9], [9]), 3);
  collector.add(folds, rows([1], [0], [7], [40]), 5);
  const columns: Columns = {};
  const heads = collector.into(columns);
  const tables = recordTables(heads, columns);
  expect(tables.map(({ kernel, line }) => [kernel, line])).toEqual([
    ['a.wgsl', 3],
    ['a.wgsl', 9],
    ['b.wgsl', 3],
  ]);
  expect(tables[0]).toEqual({ ...foldTable, ...rows([0, 2, 6], [1, 0, 0], [5, 6, 7], [10, 20, 40]) });
  expect(tables[2]!.step).toEqual(Uint32Array.of(3));

  const lists = probesOf(heads, tables);
  expect(lists.map(({ name }) => name)).toEqual(['m', 'row']);
  expect(lists[1]).toEqual({
    name: 'row',
    step: Uint32Array.of(0, 1, 2, 3, 6),
    invocation: Uint32Array.of(1, 0, 0, 0, 0),
    values: Float32Array.of(10, 30, 20, 9, 40),
  });
});

test('without steps, invocations give the order, and each keeps its own', () => {
  const collector = new RecordCollector();
  collector.add(folds, rows([NO_STEP, NO_STEP], [4, 4], [1, 2], [0, 1]), 0);
  collector.add(folds, rows([NO_STEP, NO_STEP], [3, 4], [3, 4], [2, 3]), 0);
  const columns: Columns = {};
  const [table] = recordTables(collector.into(columns), columns);
  expect(table).toMatchObject(rows([NO_STEP, NO_STEP, NO_STEP, NO_STEP], [3, 4, 4, 4], [3, 1, 2, 4], [2, 0, 1, 3]));
});
