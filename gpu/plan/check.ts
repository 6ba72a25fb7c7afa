// The limits check: whether a plan fits a device, found out before anything is allocated.

import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import type { BufferSpec, PassSpec, Plan } from './plan.ts';

/** Storage buffers a kernel of ours may use: WebGPU's default is 8, and the recorder takes one. */
const MAX_STORAGE_BUFFERS = 7;

/** Device bytes of a plan buffer; a zero extent still takes one word. */
export function bufferBytes({ shape }: Pick<BufferSpec, 'shape'>): number {
  return Math.max(4, elementCount(shape) * 4);
}

/**
 * @param sources kernel file → text
 * @param limits the device's
 * @throws EngineError limit-exceeded (field, value, limit), unknown-kernel, unknown-buffer, internal for a plan that contradicts
 *   itself
 */
export function checkPlan(
  plan: Plan,
  sources: Readonly<Record<string, string>>,
  limits: Readonly<Record<string, number>>,
): void {
  const buffers = new Map<string, BufferSpec>();
  for (const spec of plan.buffers) {
    if (buffers.has(spec.name)) throw malformed(`two buffers are called ${spec.name}`, spec.name);
    buffers.set(spec.name, spec);
    checkBuffer(spec, limits);
  }
  for (const spec of plan.buffers) checkStretch(spec, buffers);
  checkAxes(plan.buffers);
  plan.passes.forEach((pass, index) => {
    if (!Object.hasOwn(sources, pass.kernel)) {
      throw new EngineError('unknown-kernel', `pass ${index} uses a kernel ${pass.kernel} that was not given`, {
        field: pass.kernel,
        limit: Object.keys(sources),
      });
    }
    checkPass(pass, buffers, limits);
  });
  for (const [part, indices] of Object.entries(plan.parts ?? {})) {
    for (const index of indices) {
      if (!plan.passes[index]) throw malformed(`part ${part} names pass ${index} of ${plan.passes.length}`, part);
    }
  }
}

function checkBuffer(spec: BufferSpec, limits: Readonly<Record<string, number>>): void {
  if (spec.shape.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw malformed(`buffer ${spec.name} has the shape [${spec.shape.join(', ')}]`, spec.name);
  }
  if (Array.isArray(spec.init) && spec.init.length !== elementCount(spec.shape)) {
    throw malformed(
      `buffer ${spec.name} holds ${elementCount(spec.shape)} elements, its list ${spec.init.length}`,
      spec.name,
    );
  }
  const bytes = bufferBytes(spec);
  for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const) {
    atMost(
      `${spec.name} bytes`,
      bytes,
      limit,
      limits,
      `buffer ${spec.name} [${spec.shape.join(', ')}] needs ${bytes} bytes`,
    );
  }
}

function checkStretch({ name, shape, dtype, within }: BufferSpec, buffers: ReadonlyMap<string, BufferSpec>): void {
  if (!within) return;
  const whole = buffers.get(within.buffer);
  if (!whole) {
    const message = `${name} stands in ${within.buffer}, which the plan does not have`;
    throw new EngineError('unknown-buffer', message, { field: within.buffer });
  }
  const end = within.at + elementCount(shape);
  const fits = Number.isInteger(within.at) && within.at >= 0 && end <= elementCount(whole.shape);
  if (!fits || whole.within || whole.dtype !== dtype) throw malformed(`${name} is no stretch of ${whole.name}`, name);
}

/** An axis has one extent, whichever tensor has it. */
function checkAxes(buffers: readonly BufferSpec[]): void {
  const known = new Map<string, { extent: number; tensor: string }>();
  for (const { name, axes, shape } of buffers) {
    if (!axes) continue;
    const list = axes.join(', ');
    if (axes.length !== shape.length) throw malformed(`${name} [${shape.join(', ')}] names the axes [${list}]`, name);
    if (new Set(axes).size !== axes.length) throw malformed(`${name} names an axis twice: [${list}]`, name);
    for (const [at, axis] of axes.entries()) {
      const extent = shape[at]!;
      const before = known.get(axis);
      if (before && before.extent !== extent) {
        throw malformed(`the axis ${axis} is ${extent} in ${name} and ${before.extent} in ${before.tensor}`, axis);
      }
      known.set(axis, { extent, tensor: name });
    }
  }
}

function checkPass(
  { kernel, bindings, workgroups }: PassSpec,
  buffers: ReadonlyMap<string, BufferSpec>,
  limits: Readonly<Record<string, number>>,
): void {
  const count = Object.keys(bindings).length;
  if (count > MAX_STORAGE_BUFFERS) {
    throw new EngineError('limit-exceeded', `${kernel} binds ${count} buffers; ${MAX_STORAGE_BUFFERS} are allowed`, {
      field: `${kernel} bindings`,
      value: count,
      limit: MAX_STORAGE_BUFFERS,
    });
  }
  for (const [variable, name] of Object.entries(bindings)) {
    if (buffers.get(name)?.within) throw malformed(`${kernel} binds ${name}, a stretch of another buffer`, name);
    if (!buffers.has(name)) {
      throw new EngineError('unknown-buffer', `${kernel} binds ${variable} to ${name}, which the plan does not have`, {
        field: name,
      });
    }
  }
  if (!Array.isArray(workgroups) && !buffers.has(workgroups.indirect)) {
    const message = `${kernel} takes its workgroups from ${workgroups.indirect}, which the plan does not have`;
    throw new EngineError('unknown-buffer', message, { field: workgroups.indirect });
  }
  const counts = Array.isArray(workgroups) ? workgroups : workgroups.max;
  counts.forEach((value, axis) => {
    if (!Number.isInteger(value) || value < 0)
      throw malformed(`${kernel} has ${value} workgroups along axis ${axis}`, kernel);
    const field = `${kernel} workgroups.${'xyz'[axis]}`;
    atMost(
      field,
      value,
      'maxComputeWorkgroupsPerDimension',
      limits,
      `${kernel} needs ${value} workgroups along ${'xyz'[axis]}`,
    );
  });
}

function atMost(
  field: string,
  value: number,
  name: string,
  limits: Readonly<Record<string, number>>,
  message: string,
): void {
  const limit = limits[name];
  if (limit === undefined || value <= limit) return;
  throw new EngineError('limit-exceeded', `${message}; this device allows ${limit} (${name})`, {
    field,
    value,
    limit,
  });
}

function malformed(message: string, field: string): EngineError {
  return new EngineError('internal', `malformed plan: ${message}`, { field });
}
