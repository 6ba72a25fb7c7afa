// Flat arrays over a recording's steps, made once per recording, so that a picture at any tick costs a binary search and not a walk
// over tens of thousands of steps. Nothing here knows a mechanism.

import type { Trace } from '#gpu/trace/trace.ts';

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
  dispatch: Uint16Array;
  workgroup: Uint32Array;
  site: Uint16Array;
  name: Uint8Array;
  lane: Uint32Array;
  names: string[];
  lanes: Lane[];
  /** Parallel to `trace.buffers`. */
  traffic: Traffic[];
  /** Bytes of one load and one store of each buffer, from the totals; 0 where there was none. */
  bytesPerLoad: Float64Array;
  bytesPerStore: Float64Array;
}

interface GrowingTraffic {
  tick: number[];
  read: number[];
  written: number[];
}

const indexes = new WeakMap<Trace, RecordingIndex>();

/** The index of `trace`; made at the first call, the same object afterwards. */
export function indexOfTrace(trace: Trace): RecordingIndex {
  const known = indexes.get(trace);
  if (known) return known;
  const made = makeIndex(trace);
  indexes.set(trace, made);
  return made;
}

function makeIndex(trace: Trace): RecordingIndex {
  const steps = trace.steps.length;
  const dispatch = new Uint16Array(steps);
  const workgroup = new Uint32Array(steps);
  const site = new Uint16Array(steps);
  const name = new Uint8Array(steps);
  const lane = new Uint32Array(steps);
  const names = [''];
  const nameIds = new Map<string, number>([['', 0]]);
  const lanes: Lane[] = [];
  const laneIds = new Map<number, number>();
  const { bytesPerLoad, bytesPerStore } = bytesPerAccess(trace);
  const growing: GrowingTraffic[] = trace.buffers.map(() => ({ tick: [], read: [], written: [] }));

  for (let i = 0; i < steps; i++) {
    const step = trace.steps[i]!;
    dispatch[i] = step.dispatch;
    workgroup[i] = step.workgroup;
    site[i] = step.site;
    name[i] = idOf(step.name ?? '', names, nameIds);
    lane[i] = laneOf(step.dispatch, step.workgroup, i, lanes, laneIds);
    for (const access of step.accesses) {
      const sums = growing[access.buffer]!;
      const last = sums.tick.length - 1;
      sums.tick.push(i + 1);
      sums.read.push((sums.read[last] ?? 0) + access.loads * bytesPerLoad[access.buffer]!);
      sums.written.push((sums.written[last] ?? 0) + access.stores * bytesPerStore[access.buffer]!);
    }
  }
  const traffic = growing.map((sums) => ({
    tick: Uint32Array.from(sums.tick),
    readBytes: Float64Array.from(sums.read),
    writtenBytes: Float64Array.from(sums.written),
  }));
  return { steps, dispatch, workgroup, site, name, lane, names, lanes, traffic, bytesPerLoad, bytesPerStore };
}

/** A buffer may be accessed in several widths; the totals know the bytes, so their ratio keeps the sum of all steps exact. */
function bytesPerAccess(trace: Trace): Pick<RecordingIndex, 'bytesPerLoad' | 'bytesPerStore'> {
  const bytesPerLoad = new Float64Array(trace.buffers.length);
  const bytesPerStore = new Float64Array(trace.buffers.length);
  const totals = new Map(trace.totals.map((total) => [total.buffer, total]));
  trace.buffers.forEach((buffer, i) => {
    const total = totals.get(buffer.name);
    if (total && total.loads > 0) bytesPerLoad[i] = total.loadBytes / total.loads;
    if (total && total.stores > 0) bytesPerStore[i] = total.storeBytes / total.stores;
  });
  return { bytesPerLoad, bytesPerStore };
}

function idOf(name: string, names: string[], ids: Map<string, number>): number {
  let id = ids.get(name);
  if (id === undefined) {
    id = names.push(name) - 1;
    ids.set(name, id);
  }
  return id;
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

/** Indices into `trace.buffers` of one address space. */
export function buffersOf(trace: Trace, space: 'storage' | 'workgroup'): number[] {
  return trace.buffers.flatMap((buffer, i) => (buffer.space === space ? [i] : []));
}
