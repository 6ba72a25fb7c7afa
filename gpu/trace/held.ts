// What a recording holds of a value, as a dense array over named axes with the step in which each entry was recorded. Everything that
// draws recorded values reads them here: no picture knows which line of which kernel, or which variant of it, wrote them down.

import { EngineError } from '../core/errors.ts';
import { finish, SLICE_ROWS, type Sliced } from '../core/sliced.ts';
import type { RecordTable, Trace } from './trace.ts';

/** In `Held.step`: not recorded at all. */
export const NEVER = 0xffffffff;

type Recorded = Pick<Trace, 'records'>;

/** Coordinates stand in files: as many places as a recorder has words, four times over. */
const MOST_PLACES = 2 ** 26;

/** Row-major over the axes that were asked for, in their order. */
export interface Held {
  /** NaN where nothing was recorded. */
  values: Float32Array;
  /** Index into `trace.steps` of the step that recorded it; NEVER where none did, and where no steps were recorded. */
  step: Uint32Array;
  /** Records that were put in their places; 0 where the run has none of this value on these axes. */
  count: number;
}

/** Axis → extent, outermost first. */
export type Extents = Readonly<Record<string, number>>;
/** Axis → the one index that is wanted. */
export type Where = Readonly<Record<string, number>>;

/** One column of a value: `h[state+3]` is h, three further along the axis `state` than the row's own coordinate there, if it has one. */
interface ValueColumn {
  values: Float32Array;
  along?: { axis: string; offset: number };
}

/** A table that has a value, and where its coordinates on the axes that were asked for are. */
export interface FoundTable {
  table: RecordTable;
  /** More than one where the value's components run along an axis. */
  value: ValueColumn[];
  /** Parallel to the axes asked for; undefined where only the value's components run along the axis, which then begin at 0. */
  coordinates: (Float32Array | undefined)[];
}

/**
 * The tables that have `value` and a coordinate on every one of `axes`. A coordinate is what a line recorded behind `at`, or a value of that
 * name beside the one asked for (a `//: probe` line has no `at`).
 */
export function tablesOf(trace: Recorded, value: string, axes: readonly string[]): FoundTable[] {
  return (trace.records ?? []).flatMap((table) => {
    const columns = valueColumns(table, value);
    const along = columns[0]?.along?.axis;
    const coordinates = axes.map((axis) => coordinatesOn(table, axis));
    const missing = axes.some((axis, i) => !coordinates[i] && axis !== along);
    return columns.length === 0 || missing ? [] : [{ table, value: columns, coordinates }];
  });
}

function valueColumns({ values, columns }: RecordTable, value: string): ValueColumn[] {
  return values.flatMap((name, i) => {
    if (name === value) return [{ values: columns[i]! }];
    if (!name.startsWith(`${value}[`)) return [];
    const [, axis, offset] = /^\[(.+)\+(\d+)\]$/.exec(name.slice(value.length)) ?? [];
    return axis === undefined ? [] : [{ values: columns[i]!, along: { axis, offset: Number(offset) } }];
  });
}

function coordinatesOn({ values, at, columns }: RecordTable, axis: string): Float32Array | undefined {
  const place = at.indexOf(axis);
  return columns[place >= 0 ? values.length + place : values.indexOf(axis)];
}

/** Arrays made so far: a picture asks for the same ones every frame. */
const made = new WeakMap<Recorded, Map<string, Held>>();
/** Kept for each trace: so many, and so many bytes of them; the one not asked for the longest goes first, the last one made stays. */
const KEPT = 64;
const KEPT_BYTES = 128 << 20;

const bytesOf = ({ values, step }: Held) => values.byteLength + step.byteLength;

/**
 * Everything recorded as `value` at `where`, over the axes of `extents`. Where one place was recorded several times, the last one stands.
 * The same object for the same question about the same trace: do not write into it.
 */
export function held(trace: Recorded, value: string, extents: Extents, where: Where = {}): Held {
  return finish(sliceHeld(trace, value, extents, where));
}

/** `held` in slices: a long recording has millions of recorded values. */
export function* sliceHeld(trace: Recorded, value: string, extents: Extents, where: Where = {}): Sliced<Held> {
  const known = made.get(trace) ?? new Map<string, Held>();
  made.set(trace, known);
  const key = JSON.stringify([value, Object.entries(extents), Object.entries(where)]);
  const result = known.get(key) ?? (yield* gather(trace, value, extents, where));
  known.delete(key);
  known.set(key, result);
  let bytes = [...known.values()].reduce((sum, each) => sum + bytesOf(each), 0);
  for (const [oldest, each] of known) {
    if (known.size <= KEPT && bytes <= KEPT_BYTES) break;
    if (each === result) break;
    known.delete(oldest);
    bytes -= bytesOf(each);
  }
  return result;
}

function* gather(trace: Recorded, value: string, extents: Extents, where: Where): Sliced<Held> {
  const sizes = Object.values(extents);
  const length = sizes.reduce((product, size) => product * size, 1);
  if (length > MOST_PLACES) {
    const message = `${value} over ${Object.keys(extents).join(', ')} has ${length} places; at most ${MOST_PLACES} are held`;
    throw new EngineError('limit-exceeded', message, { field: value, value: sizes, limit: MOST_PLACES });
  }
  const result: Held = {
    values: new Float32Array(length).fill(Number.NaN),
    step: new Uint32Array(length).fill(NEVER),
    count: 0,
  };
  const axes = [...Object.keys(extents), ...Object.keys(where)];
  for (const { table, value: columns, coordinates } of tablesOf(trace, value, axes))
    for (const { values, along } of columns) {
      const places = axes.map((axis, i) => ({
        column: coordinates[i],
        offset: axis === along?.axis ? along.offset : 0,
        size: sizes[i],
        stride: sizes.slice(i + 1).reduce((product, size) => product * size, 1),
        wanted: where[axis],
      }));
      yield* put(result, table.step, values, places);
    }
  return result;
}

/** One axis: an index within `size`, or the one that is wanted. */
interface AxisPlace {
  column: Float32Array | undefined;
  offset: number;
  size: number | undefined;
  stride: number;
  wanted: number | undefined;
}

function* put(result: Held, step: Uint32Array, values: Float32Array, places: readonly AxisPlace[]): Sliced<void> {
  for (let row = 0; row < step.length; row++) {
    if (row % SLICE_ROWS === 0 && row > 0) yield;
    let index = 0;
    for (const { column, offset, size, stride, wanted } of places) {
      const at = (column ? column[row]! : 0) + offset;
      if (size === undefined ? at !== wanted : !(at >= 0 && at < size && Number.isInteger(at))) {
        index = -1;
        break;
      }
      if (size !== undefined) index += at * stride;
    }
    // Each table is in step order, not all of them together.
    if (index < 0 || (result.step[index] !== NEVER && result.step[index]! > step[row]!)) continue;
    result.values[index] = values[row]!;
    result.step[index] = step[row]!;
    result.count += 1;
  }
}
