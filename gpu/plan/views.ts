// Strided views: a tensor of a plan that is not the whole of a buffer but a part of one, whose indices along some axis lie further apart.
// Kernels that can read one have params for it, which cost nothing where the tensor is whole: for a tensor `x` with the axis `batch`,
// `x_at` (its first element) and `x_batch` (elements from one index of the axis to the next).

import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import type { BufferSpec, PassSpec, Plan } from './plan.ts';

export interface View {
  /** Buffer that the tensor stands in. */
  of: string;
  /** Its first element there. */
  at: number;
  /** Axis of the tensor → elements between its indices; those left out are as in a tensor that stands by itself. */
  strides?: Readonly<Record<string, number>>;
}

interface Viewed {
  spec: BufferSpec;
  view: View;
}

export interface PlanViews {
  /** Buffers of the plan that make place → those that are bound instead. */
  replaced: ReadonlyMap<string, string>;
  /** The pass with the params of every view that it reads. @throws EngineError unsupported */
  read(pass: PassSpec): PassSpec;
}

/**
 * @param views tensor of the plan → its view
 * @throws EngineError unsupported where one of two tensors that share a buffer is a view of another buffer than the other
 */
export function viewsOf(plan: Plan, views: ReadonlyMap<string, View>): PlanViews {
  const viewed = plan.buffers.flatMap((spec): Viewed[] => {
    const view = views.get(spec.name);
    return view ? [{ spec, view }] : [];
  });
  const replaced = new Map<string, string>();
  for (const { spec, view } of viewed) {
    replaced.set(spec.name, view.of);
    if (!spec.within) continue;
    const sharing = plan.buffers.filter(({ within }) => within?.buffer === spec.within!.buffer);
    const other = sharing.find(({ name }) => views.get(name)?.of !== view.of);
    if (other) throw unreadable(spec.name, `${other.name} stands in ${spec.within.buffer} with it`);
    replaced.set(spec.within.buffer, view.of);
  }
  return { replaced, read: (pass) => viewed.reduce((read, each) => readView(read, each, viewed), pass) };
}

const startParam = (tensor: string) => `${tensor.toLowerCase()}_at`;

function readView(pass: PassSpec, { spec, view }: Viewed, viewed: readonly Viewed[]): PassSpec {
  const bound = spec.within?.buffer ?? spec.name;
  if (!Object.values(pass.bindings).includes(bound)) return pass;
  const prefix = spec.name.toLowerCase();
  if (!Object.hasOwn(pass.params, startParam(spec.name))) {
    // Of tensors that share a buffer a kernel may read one; one that can start at none of them would read another's place.
    const sharing = viewed.filter((other) => other.spec.within?.buffer === bound);
    if (sharing.some((other) => Object.hasOwn(pass.params, startParam(other.spec.name)))) return pass;
    throw unreadable(spec.name, `${pass.kernel} has no param ${startParam(spec.name)}`);
  }
  const params = { ...pass.params, [`${prefix}_at`]: view.at };
  for (const [axis, stride] of Object.entries(view.strides ?? {})) {
    const param = `${prefix}_${axis}`;
    if (!Object.hasOwn(params, param)) throw unreadable(spec.name, `${pass.kernel} has no param ${param}`);
    params[param] = stride;
  }
  return { ...pass, params };
}

function unreadable(tensor: string, why: string): EngineError {
  return new EngineError('unsupported', `${tensor} cannot be a view: ${why}`, { field: tensor });
}

/** @throws EngineError shape-mismatch where a view reaches beyond its buffer, or gives a stride to an axis that the tensor has not */
export function requireInside(
  { name, axes = [], shape }: BufferSpec,
  { of, at, strides = {} }: View,
  whole: number,
): void {
  const unknown = Object.keys(strides).find((axis) => !axes.includes(axis));
  if (unknown !== undefined)
    throw new EngineError('shape-mismatch', `${name} has no axis ${unknown}`, {
      field: name,
      value: unknown,
      limit: axes,
    });
  const last = shape.reduce((index, extent, i) => {
    const stride = strides[axes[i] ?? ''] ?? elementCount(shape.slice(i + 1));
    return index + Math.max(0, extent - 1) * stride;
  }, at);
  if (elementCount(shape) === 0 || (at >= 0 && last < whole)) return;
  const message = `${name} reaches element ${last} of ${of}, which has ${whole}`;
  throw new EngineError('shape-mismatch', message, { field: name, value: last, limit: whole });
}
