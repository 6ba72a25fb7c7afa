// Records as rows: all that was recorded together under some names, in the order of the run. For pictures that follow what happened, where
// `held` is for those that show what is known.

import { inStepOrder, joined, type RecordRows } from './record-tables.ts';
import type { RecordTable, Trace } from './trace.ts';

/** Rows in step order, then by invocation. */
export interface Rows extends RecordRows {
  count: number;
  /** One for each of the names asked for, in their order; NaN where a line does not have it. */
  columns: Float32Array[];
}

/** The tables that have all of `names`, as values or as coordinates. */
export function tablesWith({ records = [] }: Pick<Trace, 'records'>, names: readonly string[]): RecordTable[] {
  return records.filter(({ values, at }) => names.every((name) => values.includes(name) || at.includes(name)));
}

/** The tables of lines that recorded a place on `axes` and no value: where a kernel was. */
export function visitsOn(trace: Pick<Trace, 'records'>, axes: readonly string[]): RecordTable[] {
  return tablesWith(trace, axes).filter(({ values }) => values.length === 0);
}

/** The rows of `tables` together. */
export function rowsOf(tables: readonly RecordTable[], names: readonly string[]): Rows {
  const parts = tables.map(({ values, at, step, invocation, columns }) => {
    const all = [...values, ...at];
    const own = names.map((name) => columns[all.indexOf(name)] ?? new Float32Array(step.length).fill(Number.NaN));
    return { step, invocation, columns: own, firstStep: 0 };
  });
  const rows = parts.length === 1 ? parts[0]! : inStepOrder(joined(parts, names.length));
  return { count: rows.step.length, step: rows.step, invocation: rows.invocation, columns: rows.columns };
}
