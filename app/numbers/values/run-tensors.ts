// The tensors of a run whose values are known: inputs, outputs, and what its record lines put down. Where the value of an element is
// known at a step, and where it is not.

import type { Sliced } from '#gpu/core/sliced.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import { type Held, sliceHeld } from '#gpu/trace/held.ts';
import { recordedBefore, recordedValues } from '#gpu/trace/recorded-values.ts';
import { clampIndex, coordinateOf, ELEMENT, elementIndex, elementPlace, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';

export interface RunTensor {
  name: string;
  /** One for each dimension; one for all of them where they have no names. */
  axes: readonly string[];
  shape: readonly number[];
  /** As it was made, where the axes have no names. */
  madeAs: readonly number[];
  dtype: Tensor['dtype'];
  /** Before the first step: an input. */
  given: Tensor['data'] | null;
  /** After the last step: an output. */
  readBack: Tensor['data'] | null;
  /** A record line of these kernels has a value of this name. */
  isRecorded: boolean;
}

/** Names of all tensors and values that something is known of: inputs, outputs, then what was only recorded. */
export function tensorNames({ inputs, outputs, trace }: Recording): string[] {
  return [
    ...new Set([...Object.keys(inputs), ...Object.keys(outputs), ...recordedValues(trace).map(({ name }) => name)]),
  ];
}

/** Null where the run has neither a tensor nor a recorded value of this name. */
export function runTensor({ inputs, outputs, plan, trace }: Recording, name: string): RunTensor | null {
  const spec = plan.buffers.find((buffer) => buffer.name === name);
  const recorded = recordedValues(trace).find((value) => value.name === name);
  const tensor = inputs[name] ?? outputs[name] ?? spec;
  const own = {
    name,
    dtype: tensor?.dtype ?? 'f32',
    given: inputs[name]?.data ?? null,
    readBack: outputs[name]?.data ?? null,
    isRecorded: recorded !== undefined,
  };
  if (tensor) {
    const { shape } = tensor;
    const elements = shape.reduce((product, extent) => product * extent, 1);
    const named = spec?.axes?.length === shape.length && shape.length > 0;
    return named
      ? { ...own, axes: spec.axes!, shape, madeAs: shape }
      : { ...own, axes: [ELEMENT], shape: [elements], madeAs: shape };
  }
  if (!recorded) return null;
  const axes = Object.keys(recorded.extents);
  const shape = axes.map((axis) => Math.max(recorded.extents[axis]!, extentInPlan(plan, axis)));
  return { ...own, axes, shape, madeAs: shape };
}

function extentInPlan({ buffers }: Recording['plan'], axis: string): number {
  const buffer = buffers.find(({ axes }) => axes?.includes(axis));
  return buffer ? buffer.shape[buffer.axes!.indexOf(axis)]! : 0;
}

/** The element of `tensor` that a place is about, on every axis; `before` says where it stood, and 0 is where nothing does. */
export function elementAt(tensor: RunTensor, place: Place | null, before: Readonly<Record<string, number>>) {
  const spec = { ...tensor, shape: [...tensor.shape] };
  const index = elementIndex(spec, place);
  const exact = index === null ? null : elementPlace(spec, index);
  return Object.fromEntries(
    tensor.axes.map((axis, i) => {
      const at = coordinateOf(exact, axis) ?? coordinateOf(place, axis) ?? before[axis] ?? 0;
      return [axis, clampIndex(at, tensor.shape[i]!)];
    }),
  );
}

export function flatIndex({ axes, shape }: RunTensor, at: Readonly<Record<string, number>>): number {
  return axes.reduce((index, axis, i) => index * shape[i]! + at[axis]!, 0);
}

export type Origin = 'given' | 'recorded' | 'read-back';

export type FoundValue =
  | { value: number; origin: Origin /** That recorded it. */; step?: number }
  | { value: null /** In place of it, in words. */; why: string };

/** The value of an element when `tick` steps are finished. */
export function valueAt(
  { trace }: Recording,
  tick: number,
  tensor: RunTensor,
  at: Readonly<Record<string, number>>,
): FoundValue {
  const { name, given, readBack, isRecorded } = tensor;
  const isOver = tick >= trace.steps.length;
  const index = flatIndex(tensor, at);
  if (tensor.shape.some((extent) => extent === 0)) return { value: null, why: 'It has no elements.' };
  if (readBack && isOver) return { value: readBack[index]!, origin: 'read-back' };
  if (given && (!readBack || tick === 0)) return { value: given[index]!, origin: 'given' };
  const recorded = isRecorded ? recordedBefore(trace, name, at, isOver ? Number.POSITIVE_INFINITY : tick) : null;
  if (recorded) return { value: recorded.value, origin: 'recorded', step: recorded.step };
  if (readBack) return { value: null, why: 'Not recorded at this step; it is read back after the last one.' };
  if (isRecorded) return { value: null, why: isOver ? 'Never recorded here.' : 'Not recorded up to this step.' };
  return { value: null, why: 'Not recorded: no line of these kernels puts it down, and it is not read back.' };
}

/** What is known of all elements at once. */
export interface Contents {
  values: ArrayLike<number>;
  /** Step that recorded each; null where all are known. An element without a value has neither a step nor a number. */
  step: Uint32Array | null;
  origin: Origin;
}

/** More places than this are not gathered: a recorded value on axes as long as the run's scores would fill the memory. */
const MOST_PLACES = 2 ** 24;

/** As read back where that is, else as given, else as last recorded in each place; null where nothing is known, or too much. */
export function* contentsOf({ trace }: Recording, tensor: RunTensor): Sliced<Contents | null> {
  const { name, axes, shape, given, readBack, isRecorded } = tensor;
  if (readBack) return { values: readBack, step: null, origin: 'read-back' };
  if (given) return { values: given, step: null, origin: 'given' };
  if (!isRecorded || shape.reduce((product, extent) => product * extent, 1) > MOST_PLACES) return null;
  const extents = Object.fromEntries(axes.map((axis, i) => [axis, shape[i]!]));
  const { values, step }: Held = yield* sliceHeld(trace, name, extents);
  return { values, step, origin: 'recorded' };
}
