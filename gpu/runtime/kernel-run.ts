// Anyone's WGSL: a KernelSpec → one job over freshly filled buffers.

import { EngineError } from '../core/errors.ts';
import type { DType } from '../core/tensor.ts';
import type { Limits } from '../mechanisms/mechanism.ts';
import { checkKernel } from '../plan/check-kernel.ts';
import { bake, tunables } from '../wgsl/bake.ts';
import { type BindingReflection, reflectBindings, requireEntryPoint } from '../wgsl/reflect.ts';
import type { KernelBinding, KernelSpec } from './api.ts';
import type { BufferPool, DeviceBuffer } from './buffers.ts';
import { type DeviceContext, scoped } from './device.ts';
import type { Job, JobBinding } from './job.ts';
import type { Runnable } from './runnable.ts';

/** What a foreign kernel is called in errors and recordings. */
export const FOREIGN_FILE = 'kernel.wgsl';

export interface KernelPlan {
  wgsl: string;
  entryPoint: string;
  overrides: Record<string, number>;
  baked: Record<string, number>;
  bindings: PlannedBinding[];
  workgroups: KernelSpec['workgroups'];
}

interface PlannedBinding {
  spec: KernelBinding;
  group: number;
  variable: string;
  name: string;
  element: DType;
  bytes: number;
}

/** Pure. @throws EngineError bad-input, unknown-constant, limit-exceeded */
export function planKernel(spec: KernelSpec, limits: Limits): KernelPlan {
  const marked = new Set(tunables(spec.wgsl).map(({ name }) => name));
  const baked: Record<string, number> = {};
  const overrides: Record<string, number> = {};
  for (const [name, value] of Object.entries(spec.constants ?? {}))
    (marked.has(name) ? baked : overrides)[name] = value;
  const wgsl = bake(spec.wgsl, baked, { partial: true });
  const entryPoint = requireEntryPoint(wgsl, spec.entryPoint, overrides).name;
  checkKernel(FOREIGN_FILE, wgsl, entryPoint, limits, overrides);
  const reflected = reflectBindings(wgsl, entryPoint);
  const bindings = spec.bindings.map((binding) => planBinding(binding, reflected, limits));
  requireDistinct(bindings);
  for (const { group, binding, name } of reflected) {
    if (bindings.some((each) => each.group === group && each.spec.binding === binding)) continue;
    const field = `@group(${group}) @binding(${binding})`;
    throw new EngineError('bad-input', `no binding was given for ${name}, ${field}`, { field });
  }
  checkWorkgroups(spec, bindings, limits);
  return { wgsl, entryPoint, overrides, baked, bindings, workgroups: spec.workgroups };
}

function planBinding(spec: KernelBinding, reflected: readonly BindingReflection[], limits: Limits): PlannedBinding {
  const group = spec.group ?? 0;
  const field = `@group(${group}) @binding(${spec.binding})`;
  const found = reflected.find((each) => each.group === group && each.binding === spec.binding);
  if (found?.space === 'handle') {
    throw new EngineError('unsupported', `${field} is a texture or sampler; only buffers are bound`, { field });
  }
  const declared =
    found && (found.space === 'uniform' ? 'uniform' : found.access === 'read' ? 'read-only-storage' : 'storage');
  if (declared && declared !== spec.kind) {
    const message = `${field} is ${declared} in the kernel and ${spec.kind} in the binding list`;
    throw new EngineError('bad-input', message, { field, value: spec.kind, limit: declared });
  }
  const bytes = spec.byteLength ?? spec.data?.byteLength;
  if (bytes === undefined) throw new EngineError('bad-input', `${field} needs data or byteLength`, { field });
  if (!Number.isInteger(bytes) || bytes < 0 || bytes < (spec.data?.byteLength ?? 0)) {
    throw new EngineError('bad-input', `${field}: a byteLength of ${bytes} does not hold its data`, {
      field,
      value: bytes,
    });
  }
  const limitName = spec.kind === 'uniform' ? 'maxUniformBufferBindingSize' : 'maxStorageBufferBindingSize';
  for (const name of [limitName, 'maxBufferSize']) {
    const limit = limits[name] ?? Number.POSITIVE_INFINITY;
    if (bytes <= limit) continue;
    const message = `${field} needs ${bytes} bytes; this device allows ${limit} (${name})`;
    throw new EngineError('limit-exceeded', message, { field, value: bytes, limit });
  }
  const variable = found?.name ?? `binding${group}_${spec.binding}`;
  return { spec, group, variable, name: spec.name ?? variable, element: spec.element ?? elementOf(found?.type), bytes };
}

/** f32, u32 or i32 where the WGSL type is plainly made of one of them; f32 otherwise. */
function elementOf(type = ''): DType {
  const scalars = new Set(type.match(/\b(?:f32|u32|i32)\b|\b(?:vec|mat)\w*?[fiu]\b/g) ?? []);
  const kinds = new Set(
    [...scalars].map(
      (word) => ({ f: 'f32', u: 'u32', i: 'i32' })[/(?:^([fui])32)|([fui])$/.exec(word)!.slice(1).find(Boolean)!],
    ),
  );
  const [only] = kinds;
  return kinds.size === 1 && only ? (only as DType) : 'f32';
}

function requireDistinct(bindings: readonly PlannedBinding[]): void {
  const places = new Set<string>();
  const names = new Set<string>();
  for (const { group, spec, name } of bindings) {
    const place = `@group(${group}) @binding(${spec.binding})`;
    if (places.has(place)) throw new EngineError('bad-input', `${place} was given twice`, { field: place });
    if (names.has(name)) throw new EngineError('bad-input', `two bindings are called ${name}`, { field: name });
    places.add(place);
    names.add(name);
  }
}

function checkWorkgroups({ workgroups }: KernelSpec, bindings: readonly PlannedBinding[], limits: Limits): void {
  if (Array.isArray(workgroups)) {
    workgroups.forEach((value, axis) => {
      const field = `workgroups.${'xyz'[axis]}`;
      const limit = limits.maxComputeWorkgroupsPerDimension ?? 65_535;
      if (!Number.isInteger(value) || value < 0)
        throw new EngineError('bad-input', `${field} is ${value}`, { field, value });
      if (value <= limit) return;
      const message = `${field} is ${value}; this device allows ${limit} (maxComputeWorkgroupsPerDimension)`;
      throw new EngineError('limit-exceeded', message, { field, value, limit });
    });
    if (workgroups.length !== 3)
      throw new EngineError('bad-input', 'workgroups needs three numbers', { field: 'workgroups', value: workgroups });
    return;
  }
  const source = bindings.find(({ group, spec }) => group === 0 && spec.binding === workgroups.indirect);
  const field = 'workgroups.indirect';
  if (!source)
    throw new EngineError('bad-input', `there is no binding ${workgroups.indirect} to take the workgroups from`, {
      field,
    });
  const { offset } = workgroups;
  if (!Number.isInteger(offset) || offset < 0 || offset % 4 !== 0 || offset + 12 > source.bytes) {
    const message = `three workgroup counts at byte ${offset} do not fit in ${source.name} (${source.bytes} bytes)`;
    throw new EngineError('bad-input', message, {
      field: 'workgroups.offset',
      value: offset,
      limit: source.bytes - 12,
    });
  }
}

export interface KernelMemory {
  runnable: Runnable;
  /** The caller gives them back. */
  buffers: DeviceBuffer[];
}

/** Allocates the bindings' buffers; `initialise` fills them with the caller's data, and with zeros where there is none. */
function allocateKernel(plan: KernelPlan, pool: BufferPool): KernelMemory {
  const bound = plan.bindings.map((planned) => {
    const { variable, name, group, spec, bytes } = planned;
    const buffer = pool.storage(bytes);
    return {
      planned,
      job: { variable, name, group, binding: spec.binding, type: spec.kind, buffer } satisfies JobBinding,
    };
  });
  const { workgroups } = plan;
  const place = (binding: number) => bound.find(({ job }) => job.group === 0 && job.binding === binding)!.job.buffer;
  const job: Job = {
    file: FOREIGN_FILE,
    wgsl: plan.wgsl,
    entryPoint: plan.entryPoint,
    overrides: plan.overrides,
    baked: plan.baked,
    bindings: bound.map((each) => each.job),
    workgroups: Array.isArray(workgroups)
      ? workgroups
      : { indirect: place(workgroups.indirect), offset: workgroups.offset },
    guarded: true,
  };
  const initialise = () => {
    for (const { planned, job: binding } of bound) {
      const whole = new Uint8Array(binding.buffer.size);
      const { data } = planned.spec;
      if (data) whole.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      pool.upload(binding.buffer, whole);
    }
  };
  const outputs = bound
    .filter((each) => each.job.type === 'storage')
    .map(({ planned: { name, element, bytes }, job: { buffer } }) => [
      name,
      { buffer, dtype: element, shape: [Math.floor(bytes / 4)] },
    ]);
  const runnable: Runnable = {
    label: FOREIGN_FILE,
    jobs: [job],
    initialise,
    state: [],
    outputs: Object.fromEntries(outputs),
    idempotent: false,
  };
  return { runnable, buffers: bound.map((each) => each.job.buffer) };
}

/** @throws EngineError out-of-memory */
export async function allocateScoped(context: DeviceContext, plan: KernelPlan): Promise<KernelMemory> {
  let memory: KernelMemory | undefined;
  try {
    const allocated = await scoped(context.device, `${FOREIGN_FILE} buffers`, () => {
      memory = allocateKernel(plan, context.buffers);
      return memory;
    });
    if (context.lostBecause !== undefined) throw context.lostError();
    return allocated;
  } catch (error) {
    for (const buffer of memory?.buffers ?? []) context.buffers.discard(buffer);
    throw error;
  }
}
