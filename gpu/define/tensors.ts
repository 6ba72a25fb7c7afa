// The tensors that a config has, as buffers of a plan.

import type { BufferSpec } from '../plan/plan.ts';
import { type Axes, namesOf } from './axes.ts';
import type { MechanismSpec, Run, TensorSpec } from './spec.ts';

/** Whether a config has a tensor in some variant. */
export function isThere<C>({ optional, present }: TensorSpec<C>, config: C): boolean {
  return (!optional || (config as Record<string, unknown>)[optional.flag] === true) && (present?.(config) ?? true);
}

export const roleOf = <C>({ role, made }: TensorSpec<C>, config: C): BufferSpec['role'] =>
  made?.(config) ? 'scratch' : role;

/** Whether somebody gives it. */
export const isGiven = <C>(tensor: TensorSpec<C>, config: C): boolean =>
  roleOf(tensor, config) === 'input' && !tensor.constant && isThere(tensor, config);

export function shapeOf<C>(tensor: TensorSpec<C>, axes: Axes<C>, config: C, run: Run): number[] {
  return namesOf(tensor, config).map((axis) => axes.extent(axis, config, run));
}

/** In the order of the description. */
export function buffersOf<C>({ tensors }: MechanismSpec<C>, axes: Axes<C>, config: C, run: Run): BufferSpec[] {
  const here = Object.entries(tensors).filter(
    ([, tensor]) => (tensor.variants?.includes(run.variant) ?? true) && isThere(tensor, config),
  );
  return here.map(([name, tensor]) => {
    const { dtype = 'f32', sentinel } = tensor;
    const role = roleOf(tensor, config);
    const within = tensor.within?.(config);
    const init = tensor.constant?.(config) ?? tensor.init ?? (role === 'input' || within ? undefined : 'poison');
    return {
      name,
      dtype,
      axes: namesOf(tensor, config),
      shape: shapeOf(tensor, axes, config, run),
      role,
      ...(init !== undefined && { init }),
      ...(within && { within }),
      ...(sentinel && { sentinel }),
    };
  });
}

/** What a kernel's variable is bound to where the config has no such tensor: one to read, one to write, for no buffer can be both. */
export const UNUSED = { read: 'unused', write: 'unused_output' } as const;

/** @param elements the least that the kernels bind, by name */
export function unusedBuffers(elements: ReadonlyMap<string, number>): BufferSpec[] {
  return [...elements].map(([name, count]) => ({
    name,
    dtype: 'f32',
    axes: [name],
    shape: [count],
    role: 'scratch',
    init: 'zero',
  }));
}

export const isUnused = (name: string) => name === UNUSED.read || name === UNUSED.write;
