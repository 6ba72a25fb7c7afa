// Which values the record lines of a run name and on which axes, and what one of them was at a moment of the run.

import { tablesOf, type Where } from './held.ts';
import type { RecordTable, Trace } from './trace.ts';

type Recorded = Pick<Trace, 'records'>;

export interface RecordedValue {
  name: string;
  /** Axis → one more than its largest recorded coordinate, outermost first. */
  extents: Readonly<Record<string, number>>;
}

const known = new WeakMap<Recorded, RecordedValue[]>();

/** Values that were recorded on named axes, each once, with the axes of the first line that has it. The same list for the same trace. */
export function recordedValues(trace: Recorded): RecordedValue[] {
  const found = known.get(trace) ?? findValues(trace);
  known.set(trace, found);
  return found;
}

function findValues({ records = [] }: Recorded): RecordedValue[] {
  const axesOf = new Map<string, string[]>();
  for (const { values, at } of records)
    for (const value of values) {
      const { name, along } = partsOf(value);
      const axes = along === undefined || at.includes(along) ? at : [...at, along];
      if (axes.length > 0 && !axesOf.has(name)) axesOf.set(name, axes);
    }
  return [...axesOf].map(([name, axes]) => ({
    name,
    extents: Object.fromEntries(
      axes.map((axis) => [axis, Math.max(0, ...records.map((table) => extentIn(table, name, axis)))]),
    ),
  }));
}

/** `h[state+3]` is h, three further along `state`. */
function partsOf(value: string): { name: string; along?: string; offset: number } {
  const [, name, along, offset] = /^(.+)\[(.+)\+(\d+)\]$/.exec(value) ?? [];
  return name === undefined ? { name: value, offset: 0 } : { name, along, offset: Number(offset) };
}

const largest = new WeakMap<Float32Array, number>();

function largestIn(column: Float32Array): number {
  let most = largest.get(column);
  if (most === undefined) {
    most = -1;
    for (let i = 0; i < column.length; i++) if (column[i]! > most) most = column[i]!;
    largest.set(column, most);
  }
  return most;
}

function extentIn({ values, at, columns }: RecordTable, name: string, axis: string): number {
  const own = values.map(partsOf).filter((part) => part.name === name);
  if (own.length === 0) return 0;
  const column = at.indexOf(axis);
  const further = Math.max(0, ...own.map(({ along, offset }) => (along === axis ? offset : 0)));
  return (column < 0 ? 0 : largestIn(columns[values.length + column]!)) + further + 1;
}

/**
 * What was recorded as `value` at `where`, a coordinate for each of its axes, the last time before step `before`; null where it was not
 * recorded until then. Infinity stands for the end of the run, where what was recorded without a step counts too.
 */
export function recordedBefore(
  trace: Recorded,
  value: string,
  where: Where,
  before: number,
): { value: number; step: number } | null {
  const axes = Object.keys(where);
  let latest: { value: number; step: number } | null = null;
  for (const { table, value: columns, coordinates } of tablesOf(trace, value, axes))
    for (const { values, along } of columns) {
      const wanted = axes.map((axis) => where[axis]! - (axis === along?.axis ? along.offset : 0));
      const row = lastRow(table.step, before, (at) => wanted.every((each, i) => (coordinates[i]?.[at] ?? 0) === each));
      if (row >= 0 && (latest === null || table.step[row]! >= latest.step))
        latest = { value: values[row]!, step: table.step[row]! };
    }
  return latest;
}

/** The last row of a step below `before` (steps ascend) that is the one; −1 where none is. */
function lastRow(step: Uint32Array, before: number, isIt: (row: number) => boolean): number {
  let [low, high] = [0, step.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (step[middle]! < before) low = middle + 1;
    else high = middle;
  }
  for (let row = low - 1; row >= 0; row--) if (isIt(row)) return row;
  return -1;
}
