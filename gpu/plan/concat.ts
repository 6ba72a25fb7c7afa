// Joining plans into one: buffers are renamed and shared where one plan's output is another's input, passes follow each other.

import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import type { BufferSpec, PassSpec, Plan } from './plan.ts';
import { requireInside, type View, viewsOf } from './views.ts';

export interface NamedPlan {
  /** Unique; prefixes the buffers that the wiring does not name, and names a part of the whole. */
  name: string;
  plan: Plan;
}

export interface Wiring {
  /**
   * `plan.buffer` → its name in the whole. Two buffers that get the same name become one; those left out keep `plan.buffer`.
   * Shapes may differ as long as they hold the same number of elements ([n, 256] and [n, 4, 64], say).
   */
  names: Readonly<Record<string, string>>;
  /**
   * Names (in the whole) of the buffers that are read back, each with the shape it is read as, or true for the shape it has.
   * Without it: every output that no later plan takes as its input.
   */
  outputs?: Readonly<Record<string, readonly number[] | true>>;
  /** Names of axes of buffers of the whole, where those of the plans do not say what they are there. */
  axes?: Readonly<Record<string, readonly string[]>>;
  /** `plan.tensor` → where it stands in a buffer of the whole, for tensors that are not the whole of one. */
  views?: Readonly<Record<string, View>>;
  /** Buffers of the whole that plans see by views alone. */
  wholes?: readonly BufferSpec[];
}

/**
 * Joins `plans` in order. Each plan becomes a part of the whole under its own name; its own parts are called `plan.part`.
 *
 * @throws EngineError unknown-buffer for a wire, view or output that names nothing, shape-mismatch for buffers that cannot be one or a
 *   view that does not lie in its buffer, unsupported for a view that a kernel cannot read, internal for two plans of the same name
 */
export function concat(plans: readonly NamedPlan[], wiring: Wiring = { names: {} }): Plan {
  requireKnownWires(plans, wiring);
  const buffers = new Map((wiring.wholes ?? []).map((spec) => [spec.name, spec]));
  const consumed = new Set<string>();
  const passes: PassSpec[] = [];
  const parts: Record<string, number[]> = {};
  for (const { name, plan } of plans) {
    const views = viewsOf(plan, ofPlan(name, wiring.views));
    const rename = (buffer: string) =>
      views.replaced.get(buffer) ?? wiring.names[`${name}.${buffer}`] ?? `${name}.${buffer}`;
    for (const spec of plan.buffers) {
      const whole = buffers.get(views.replaced.get(spec.name) ?? '');
      if (whole && whole.role !== 'input' && spec.role === 'input') consumed.add(whole.name);
      if (views.replaced.has(spec.name)) continue;
      const within = spec.within && { ...spec.within, buffer: rename(spec.within.buffer) };
      const renamed = { ...spec, name: rename(spec.name), ...(within && { within }) };
      const earlier = buffers.get(renamed.name);
      if (earlier && earlier.role !== 'input' && spec.role === 'input') consumed.add(renamed.name);
      buffers.set(renamed.name, earlier ? join(earlier, renamed) : renamed);
    }
    const first = passes.length;
    passes.push(...plan.passes.map((pass) => renamePass(views.read(pass), rename)));
    parts[name] = plan.passes.map((_, index) => first + index);
    for (const [part, indices] of Object.entries(plan.parts ?? {})) {
      parts[`${name}.${part}`] = indices.map((index) => first + index);
    }
  }
  for (const { name, plan } of plans)
    for (const [tensor, view] of ofPlan(name, wiring.views)) requireView(plan, tensor, view, buffers);
  return {
    buffers: [...buffers.values()]
      .map((spec) => withRole(spec, wiring.outputs, consumed))
      .map((spec) => ({ ...spec, ...(wiring.axes?.[spec.name] && { axes: wiring.axes[spec.name] }) })),
    passes,
    parts,
    idempotent: plans.every(({ plan }) => plan.idempotent),
  };
}

/** What a wiring says of the tensors of one plan. */
function ofPlan<T>(name: string, wires: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> {
  const own = Object.entries(wires).filter(([wire]) => wire.startsWith(`${name}.`));
  return new Map(own.map(([wire, value]) => [wire.slice(name.length + 1), value]));
}

function requireView(plan: Plan, tensor: string, view: View, buffers: ReadonlyMap<string, BufferSpec>): void {
  const whole = buffers.get(view.of);
  if (!whole) {
    const message = `${tensor} is a view of ${view.of}, which the joined plan does not have`;
    throw new EngineError('unknown-buffer', message, { field: view.of, limit: [...buffers.keys()] });
  }
  requireInside(plan.buffers.find(({ name }) => name === tensor)!, view, elementCount(whole.shape));
}

function renamePass(pass: PassSpec, rename: (buffer: string) => string): PassSpec {
  const { bindings, workgroups } = pass;
  return {
    ...pass,
    bindings: Object.fromEntries(Object.entries(bindings).map(([variable, buffer]) => [variable, rename(buffer)])),
    workgroups: Array.isArray(workgroups) ? workgroups : { ...workgroups, indirect: rename(workgroups.indirect) },
  };
}

/** One buffer out of two: the earlier plan's contents, state if either keeps it. */
function join(earlier: BufferSpec, later: BufferSpec): BufferSpec {
  const sizes = [elementCount(earlier.shape), elementCount(later.shape)];
  if (earlier.dtype !== later.dtype || sizes[0] !== sizes[1]) {
    const text = ({ dtype, shape }: BufferSpec) => `${dtype} [${shape.join(', ')}]`;
    throw new EngineError(
      'shape-mismatch',
      `${earlier.name} is ${text(earlier)} in one plan and ${text(later)} in another`,
      {
        field: earlier.name,
        value: later.shape,
        limit: earlier.shape,
      },
    );
  }
  const role = earlier.role === 'state' || later.role === 'state' ? 'state' : mergedRole(earlier, later);
  return { ...earlier, role, sentinel: earlier.sentinel ?? later.sentinel };
}

function mergedRole(earlier: BufferSpec, later: BufferSpec): BufferSpec['role'] {
  if (earlier.role === 'input') return later.role === 'output' ? 'state' : 'input';
  return earlier.role === 'output' || later.role === 'output' ? 'output' : 'scratch';
}

function withRole(spec: BufferSpec, outputs: Wiring['outputs'], consumed: ReadonlySet<string>): BufferSpec {
  if (!outputs) return spec.role === 'output' && consumed.has(spec.name) ? { ...spec, role: 'scratch' } : spec;
  const shape = Object.hasOwn(outputs, spec.name) ? outputs[spec.name] : undefined;
  if (shape === undefined) return spec.role === 'output' ? { ...spec, role: 'scratch' } : spec;
  if (shape === true) return { ...spec, role: 'output' };
  if (elementCount(shape) !== elementCount(spec.shape)) {
    throw new EngineError('shape-mismatch', `${spec.name} cannot be read as [${shape.join(', ')}]`, {
      field: spec.name,
      value: shape,
      limit: spec.shape,
    });
  }
  return { ...spec, role: 'output', shape: [...shape] };
}

function requireKnownWires(plans: readonly NamedPlan[], { names, outputs, views = {} }: Wiring): void {
  const places = new Set(plans.flatMap(({ name, plan }) => plan.buffers.map((spec) => `${name}.${spec.name}`)));
  const planNames = plans.map(({ name }) => name);
  const twice = planNames.find((name, index) => planNames.indexOf(name) !== index);
  if (twice !== undefined) throw new EngineError('internal', `two plans are called ${twice}`, { field: twice });
  for (const wire of [...Object.keys(names), ...Object.keys(views)]) {
    if (!places.has(wire)) {
      throw new EngineError('unknown-buffer', `the wiring names ${wire}, which no plan has`, {
        field: wire,
        limit: [...places],
      });
    }
  }
  const known = new Set([...places].map((place) => names[place] ?? place));
  for (const output of Object.keys(outputs ?? {})) {
    if (!known.has(output)) {
      throw new EngineError('unknown-buffer', `the output ${output} is no buffer of the joined plan`, {
        field: output,
        limit: [...known],
      });
    }
  }
}
