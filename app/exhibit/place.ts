// What is selected: one place in a run, shared by all views. What a view does not understand of it, it passes over.

import type { BufferSpec } from '#gpu/plan/plan.ts';
import type { Recording } from './recording.ts';

/** Where something stands on named axes: the tensors' own (BufferSpec.axes), and those that records have coordinates on. */
export type Coordinates = Readonly<Record<string, number>>;

export type Place =
  | {
      kind: 'at';
      /** Where it is an element of this tensor, not a place on the axes alone. */
      tensor?: string;
      at: Coordinates;
    }
  | { kind: 'workgroup'; dispatch: number; workgroup: number }
  | { kind: 'line'; kernel: string; line: number }
  | { kind: 'buffer'; buffer: string };

/**
 * The one axis of a tensor whose dimensions have no names: elements as they follow one another in memory. Of a tensor that has a dimension
 * of this name it is that one.
 */
export const ELEMENT = 'element';

type Tensor = Pick<BufferSpec, 'name' | 'shape' | 'axes'>;

const elementsOf = ({ shape }: Tensor) => shape.reduce((product, extent) => product * extent, 1);

/** Where the place stands on an axis; null where it says nothing of it. */
export function coordinateOf(place: Place | null, axis: string): number | null {
  return place?.kind === 'at' && Object.hasOwn(place.at, axis) ? place.at[axis]! : null;
}

/** The nearest index of an axis of this extent. */
export function clampIndex(index: number, extent: number): number {
  return Math.max(Math.min(index, extent - 1), 0);
}

/** The element of `tensor` with this flat index, on its axes where they have names. */
export function elementPlace(tensor: Tensor, index: number): Place {
  const { name, shape, axes } = tensor;
  if (!axes) return { kind: 'at', tensor: name, at: { [ELEMENT]: index } };
  const at: Record<string, number> = {};
  let rest = index;
  for (let i = axes.length - 1; i >= 0; i--) {
    at[axes[i]!] = rest % shape[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  return { kind: 'at', tensor: name, at: Object.fromEntries(axes.map((axis) => [axis, at[axis]!])) };
}

/** Flat index of the element of `tensor` that the place names; null where it names none, or one that is not there. */
export function elementIndex(tensor: Tensor, place: Place | null): number | null {
  if (place?.kind !== 'at' || place.tensor !== tensor.name) return null;
  const flat = tensor.axes?.includes(ELEMENT) ? null : coordinateOf(place, ELEMENT);
  if (flat !== null) return flat < elementsOf(tensor) ? flat : null;
  let index = 0;
  for (const [i, axis] of (tensor.axes ?? [ELEMENT]).entries()) {
    const at = coordinateOf(place, axis);
    if (at === null || at >= tensor.shape[i]!) return null;
    index = index * tensor.shape[i]! + at;
  }
  return index;
}

/** Extents of the axes of a run's tensors. */
export function extentsOf({ plan }: Recording): Record<string, number> {
  return Object.fromEntries(
    plan.buffers.flatMap(({ axes = [], shape }) => axes.map((axis, i) => [axis, shape[i]!] as const)),
  );
}

/**
 * Whether a run has this place. Of axes, kernels and tensors that the run knows nothing of it says nothing: another variant has them.
 *
 * @param own extents that the exhibit adds to those of the tensors, or has for a part of them
 */
export function isHeld(recording: Recording, place: Place, own: Coordinates = {}): boolean {
  const { trace, kernels, plan } = recording;
  if (place.kind === 'workgroup') {
    const dispatch = trace.dispatches[place.dispatch];
    return dispatch !== undefined && place.workgroup < dispatch.workgroups.reduce((product, count) => product * count);
  }
  if (place.kind === 'line') {
    const kernel = kernels.find(({ file }) => file === place.kernel);
    return !kernel || (place.line >= 1 && place.line <= kernel.wgsl.split('\n').length);
  }
  if (place.kind === 'buffer') return true;
  const tensor = plan.buffers.find(({ name }) => name === place.tensor);
  const extents: Coordinates = {
    ...extentsOf(recording),
    ...own,
    ...(tensor && { [ELEMENT]: elementsOf(tensor) }),
    ...Object.fromEntries(tensor?.axes?.map((axis, i) => [axis, tensor.shape[i]!]) ?? []),
  };
  return Object.entries(place.at).every(([axis, index]) => !Object.hasOwn(extents, axis) || index < extents[axis]!);
}
