// Which extent every axis of a description has: that of a size, or one that follows from the config.

import { wrongDescription } from './names.ts';
import type { MechanismSpec, Run, TensorSpec } from './spec.ts';

export interface Axes<C> {
  has(axis: string): boolean;
  /** Name of the size behind an axis; undefined for one that follows from the config. */
  sizeOf(axis: string): string | undefined;
  extent(axis: string, config: C, run: Run): number;
}

export const namesOf = <C>({ axes }: TensorSpec<C>, config: C): readonly string[] =>
  typeof axes === 'function' ? axes(config) : axes;

/** @throws EngineError internal for an axis that two things claim, or a tensor with an axis that nothing has or two alike */
export function axesOf<C>({ card, sizes, axes: derived = {}, tensors }: MechanismSpec<C>): Axes<C> {
  const sizeOf = new Map<string, string>();
  const claim = (axis: string, size: string) => {
    if (sizeOf.has(axis) || Object.hasOwn(derived, axis))
      throw wrongDescription(card.id, `two extents are called ${axis}`, axis);
    sizeOf.set(axis, size);
  };
  for (const [size, { axis, ofInputs }] of Object.entries(sizes)) {
    if (axis === undefined && ofInputs === false) continue;
    for (const name of [axis ?? size].flat()) claim(name, size);
  }
  const axes: Axes<C> = {
    has: (axis) => sizeOf.has(axis) || Object.hasOwn(derived, axis),
    sizeOf: (axis) => sizeOf.get(axis),
    extent(axis, config, run) {
      const size = sizeOf.get(axis);
      if (size !== undefined) return (config as Record<string, number>)[size]!;
      if (!Object.hasOwn(derived, axis)) throw wrongDescription(card.id, `nothing has the axis ${axis}`, axis);
      return derived[axis]!(config, run);
    },
  };
  for (const [name, tensor] of Object.entries(tensors))
    if (typeof tensor.axes !== 'function') requireAxes(card.id, name, tensor.axes, axes);
  return axes;
}

/** An axis by name, each once. */
function requireAxes<C>(id: string, tensor: string, names: readonly string[], axes: Axes<C>): void {
  for (const [i, axis] of names.entries()) {
    if (!axes.has(axis)) throw wrongDescription(id, `no size has the axis ${axis} of ${tensor}`, axis);
    if (names.indexOf(axis) !== i) throw wrongDescription(id, `${tensor} has the axis ${axis} twice`, axis);
  }
}
