// What a run holds of a tensor over named axes: recorded values from its record tables, given and read-back ones from its tensors, counts from
// its touches. Every picture of values is fed from here; each value with the step after which it was known.

import { type Extents, held, type Where } from '#gpu/trace/held.ts';
import type { Recording } from './recording.ts';

/** Row-major over the axes that were asked for. */
export interface Known {
  /** NaN where nothing is known, unless `step` says that something is. */
  values: Float32Array;
  /** Step in which each became known; `NEVER` where it did not. Absent where all are known from the start. */
  step?: Uint32Array;
  /** How many values were recorded; absent where it is not a matter of records. */
  count?: number;
  /** Of values that go on changing once they are known: all after `tick` steps, NaN for what is ahead, −∞ for what is shut out. */
  after?(tick: number): Float32Array;
}

/** Where the values of a picture come from. */
export type Source =
  /** Name of a value in `//: record` lines. */
  | { record: string }
  /** An input, known from the start, or an output, known once the run is over; its axes, where the plan does not name them. */
  | { tensor: string; axes?: readonly string[] }
  /** How often each element was loaded or stored, over the whole run. */
  | { touches: string; of: 'loads' | 'stores' }
  /** What neither serves, made of other values. Null: this run has no such thing. */
  | { made(run: Recording, at: Where, extents: Extents): Known | null };

const kept = new WeakMap<Recording, WeakMap<Source, Map<string, Known | null>>>();

/**
 * Values of a source over the axes of `extents`, all others at `at`; null where the run has no such thing. Kept for each recording: the same
 * object for the same question about the same source.
 */
export function knownOf(run: Recording, source: Source, extents: Extents, at: Where): Known | null {
  if ('record' in source) return held(run.trace, source.record, extents, at);
  const ofRun = kept.get(run) ?? new WeakMap<Source, Map<string, Known | null>>();
  kept.set(run, ofRun);
  const known = ofRun.get(source) ?? new Map<string, Known | null>();
  ofRun.set(source, known);
  const key = JSON.stringify([Object.entries(extents), Object.entries(at)]);
  if (!known.has(key)) known.set(key, read(run, source, extents, at));
  return known.get(key)!;
}

function read(run: Recording, source: Exclude<Source, { record: string }>, extents: Extents, at: Where): Known | null {
  if ('made' in source) return source.made(run, at, extents);
  if ('tensor' in source) return tensorKnown(run, source.tensor, extents, at, source.axes);
  const touched = run.trace.touches?.find(({ buffer }) => buffer === source.touches);
  if (!touched) return null;
  const counts = touched[source.of];
  return { values: Float32Array.from(indicesOf(run, source.touches, extents, at), (index) => counts[index]!) };
}

/** ∞ for a value that is NaN or ±∞: where NaN means that nothing is known, it stands for all that are no finite numbers. */
export const crossedOut = (value: number): number => (Number.isFinite(value) ? value : Number.POSITIVE_INFINITY);

/**
 * A given or read-back tensor: ∞ for what is NaN or ±∞ in it.
 *
 * @param own its axes, where the plan does not name them: a recording of before may be opened from a file
 */
export function tensorKnown(
  run: Recording,
  name: string,
  extents: Extents,
  at: Where,
  own?: readonly string[],
): Known | null {
  const given = run.inputs[name];
  const tensor = given ?? run.outputs[name];
  if (!tensor) return null;
  const values = Float32Array.from(indicesOf(run, name, extents, at, own), (index) => crossedOut(tensor.data[index]!));
  if (given) return { values };
  return { values, step: new Uint32Array(values.length).fill(Math.max(run.trace.steps.length - 1, 0)) };
}

/** Index of every wanted element in a buffer's own order. Along an axis that it does not have, it is the same everywhere. */
function indicesOf(
  { plan }: Recording,
  name: string,
  extents: Extents,
  at: Where,
  own: readonly string[] = [],
): Uint32Array {
  const { axes = own, shape } = plan.buffers.find((buffer) => buffer.name === name)!;
  const strides = new Map(
    axes.map((axis, i) => [axis, shape.slice(i + 1).reduce((product, extent) => product * extent, 1)]),
  );
  const first = Object.entries(at).reduce((sum, [axis, index]) => sum + index * (strides.get(axis) ?? 0), 0);
  const along = Object.entries(extents).map(([axis, extent]) => ({ extent, stride: strides.get(axis) ?? 0 }));
  const length = along.reduce((product, { extent }) => product * extent, 1);
  return Uint32Array.from({ length }, (_, i) => {
    let [rest, index] = [i, first];
    for (let k = along.length - 1; k >= 0; k--) {
      const { extent, stride } = along[k]!;
      index += (rest % extent) * stride;
      rest = Math.floor(rest / extent);
    }
    return index;
  });
}

/** What is known after `tick` steps: ∞ for what was recorded as NaN or ±∞; NaN for the rest, which is not there yet. */
export function knownAt({ values, step, after }: Known, tick: number): Float32Array {
  if (after) return after(tick);
  if (!step) return values;
  return values.map((value, i) => (step[i]! >= tick ? Number.NaN : crossedOut(value)));
}
