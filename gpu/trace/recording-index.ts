// Flat arrays over a recording's steps, made once per recording, so that a picture at any tick costs a binary search and not a walk
// over tens of thousands of steps. Nothing here knows a mechanism.

import type { Trace } from '#gpu/trace/trace.ts';
import { finish, SLICE_ROWS, type Sliced } from '../core/sliced.ts';
import { type StepColumns, stepColumns } from './step-columns.ts';

/** Bytes of one buffer, accumulated over the steps in which they changed. */
export interface Traffic {
  /** Ticks (step index + 1) at which the sums below hold; ascending. */
  tick: Uint32Array;
  /** Bytes read by all steps up to and including `tick[i]`. */
  readBytes: Float64Array;
  writtenBytes: Float64Array;
}

/** One workgroup of one dispatch, in the order they first appear. */
export interface Lane {
  dispatch: number;
  workgroup: number;
  /** First and last step index of this workgroup. */
  first: number;
  last: number;
  steps: number;
}

export interface RecordingIndex {
  steps: number;
  /** Per step. `name` indexes `names`; `names[0]` is '' for steps that no marker started. */
  dispatch: ArrayLike<number>;
  workgroup: ArrayLike<number>;
  site: ArrayLike<number>;
  name: Uint8Array;
  lane: Uint32Array;
  names: string[];
  lanes: Lane[];
  /** Parallel to `trace.buffers`. */
  traffic: Traffic[];
}

const indexes = new WeakMap<Trace, RecordingIndex>();

/** The index of `trace`; made at the first call, the same object afterwards. */
export function indexOfTrace(trace: Trace): RecordingIndex {
  return indexes.get(trace) ?? finish(sliceIndexOfTrace(trace));
}

/** `indexOfTrace` in slices. */
export function* sliceIndexOfTrace(trace: Trace): Sliced<RecordingIndex> {
  const known = indexes.get(trace);
  if (known) return known;
  const made = yield* makeIndex(trace);
  indexes.set(trace, made);
  return made;
}

function* makeIndex(trace: Trace): Sliced<RecordingIndex> {
  const columns = stepColumns(trace);
  const { steps, dispatch, workgroup, site } = columns;
  const name = new Uint8Array(steps);
  const lane = new Uint32Array(steps);
  const names = [''];
  const nameOfSite = new Map<number, number>();
  const lanes: Lane[] = [];
  const laneIds = new Map<number, number>();
  for (let i = 0; i < steps; i++) {
    if (i % SLICE_ROWS === 0) yield;
    // Sites are few; a step object is made for the first step of each only.
    const key = dispatch[i]! * 2 ** 32 + site[i]!;
    let id = nameOfSite.get(key);
    if (id === undefined) {
      id = idOf(trace.steps[i]!.name ?? '', names);
      nameOfSite.set(key, id);
    }
    name[i] = id;
    lane[i] = laneOf(dispatch[i]!, workgroup[i]!, i, lanes, laneIds);
  }
  return {
    steps,
    dispatch,
    workgroup,
    site,
    name,
    lane,
    names,
    lanes,
    traffic: yield* trafficOf(trace.buffers.length, columns),
  };
}

function* trafficOf(buffers: number, columns: StepColumns): Sliced<Traffic[]> {
  const { steps, accessStart, buffer, loadBytes, storeBytes } = columns;
  const rows = new Uint32Array(buffers);
  for (let row = 0; row < accessStart[steps]!; row++) rows[buffer[row]!]! += 1;
  const traffic = Array.from(rows, (length) => ({
    tick: new Uint32Array(length),
    readBytes: new Float64Array(length),
    writtenBytes: new Float64Array(length),
  }));
  const filled = new Uint32Array(buffers);
  for (let step = 0; step < steps; step++) {
    if (step % SLICE_ROWS === 0) yield;
    for (let row = accessStart[step]!; row < accessStart[step + 1]!; row++) {
      const { tick, readBytes, writtenBytes } = traffic[buffer[row]!]!;
      const at = filled[buffer[row]!]!++;
      tick[at] = step + 1;
      readBytes[at] = (at > 0 ? readBytes[at - 1]! : 0) + loadBytes[row]!;
      writtenBytes[at] = (at > 0 ? writtenBytes[at - 1]! : 0) + storeBytes[row]!;
    }
  }
  return traffic;
}

function idOf(name: string, names: string[]): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}

function laneOf(dispatch: number, workgroup: number, step: number, lanes: Lane[], ids: Map<number, number>): number {
  // Workgroup numbers stay below 2^32, so this key is exact in a double.
  const key = dispatch * 2 ** 32 + workgroup;
  let id = ids.get(key);
  if (id === undefined) {
    id = lanes.push({ dispatch, workgroup, first: step, last: step, steps: 0 }) - 1;
    ids.set(key, id);
  }
  const lane = lanes[id]!;
  lane.last = step;
  lane.steps += 1;
  return id;
}

/** How many entries of an ascending list are ≤ `value`. */
export function countUpTo(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bytes of buffer `buffer` after `tick` finished steps. */
export function bytesAt(index: RecordingIndex, buffer: number, tick: number): { read: number; written: number } {
  const traffic = index.traffic[buffer]!;
  const at = countUpTo(traffic.tick, tick) - 1;
  return at < 0 ? { read: 0, written: 0 } : { read: traffic.readBytes[at]!, written: traffic.writtenBytes[at]! };
}

/** Bytes of buffer `buffer` over the whole run, also where not all of its steps were kept. */
export function bytesInAll({ totals }: Trace, buffer: number): { read: number; written: number } {
  const { loadBytes, storeBytes } = totals[buffer]!;
  return { read: loadBytes, written: storeBytes };
}

/** Indices into `trace.buffers` of one address space. */
export function buffersOf(trace: Trace, space: 'storage' | 'workgroup'): number[] {
  return trace.buffers.flatMap((buffer, i) => (buffer.space === space ? [i] : []));
}
