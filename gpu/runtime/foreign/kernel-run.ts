// Anyone's WGSL: a KernelSpec → one job over freshly filled buffers.

import { EngineError } from '../../core/errors.ts';
import type { DType } from '../../core/tensor.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import { checkInterface, checkPlace } from '../../plan/check-kernel.ts';
import { checkFeatures } from '../../plan/kernel-needs.ts';
import { bake, tunables } from '../../wgsl/text/bake.ts';
import type { KernelInterface, KernelVariable } from '../../wgsl/text/kernel-interface.ts';
import type { KernelBinding, KernelSpec } from '../api.ts';
import type { BufferPool, DeviceBuffer } from '../device/buffers.ts';
import { type DeviceContext, scoped } from '../device/device.ts';
import type { Job, JobBinding } from '../device/job.ts';
import type { Runnable } from '../run/runnable.ts';
import { readForeign } from './read-foreign.ts';

/** What a foreign kernel is called in errors and recordings. */
export const FOREIGN_FILE = 'kernel.wgsl';

export interface KernelPlan {
  wgsl: string;
  entryPoint: string;
  overrides: Record<string, number>;
  baked: Record<string, number>;
  bindings: PlannedBinding[];
  workgroups: KernelSpec['workgroups'];
  warnings: string[];
}

interface PlannedBinding {
  spec: KernelBinding;
  group: number;
  variable: string;
  name: string;
  element: DType;
  bytes: number;
}

/**
 * Pure.
 *
 * @param features the device's; undefined leaves `enable` to the compiler
 * @throws EngineError bad-input, unknown-constant, unsupported, limit-exceeded
 */
export function planKernel(spec: KernelSpec, limits: Limits, features?: readonly string[]): KernelPlan {
  if (features) checkFeatures(FOREIGN_FILE, spec.wgsl, features);
  const marked = tunables(spec.wgsl).map(({ name }) => name);
  const baked: Record<string, number> = {};
  const given: Record<string, number> = {};
  for (const [name, value] of Object.entries(spec.constants ?? {}))
    (marked.includes(name) ? baked : given)[name] = value;
  const wgsl = bake(spec.wgsl, baked, { partial: true });
  const { asked, overrides } = readForeign(FOREIGN_FILE, wgsl, spec.entryPoint, given, marked);
  checkInterface(FOREIGN_FILE, asked, limits);
  const bindings = spec.bindings.map((binding) => planBinding(binding, asked, limits));
  requireDistinct(bindings);
  checkBindingCounts(bindings, limits);
  requireDeclared(bindings, asked);
  for (const { group, binding, name, space } of asked.used) {
    const field = `@group(${group}) @binding(${binding})`;
    if (space === 'handle') {
      const message = `${name}, ${field}, is a texture or sampler: textures are not supported; read from a buffer instead`;
      throw new EngineError('unsupported', message, { field: name });
    }
    if (bindings.some((each) => each.group === group && each.spec.binding === binding)) continue;
    throw new EngineError('bad-input', `no binding was given for ${name}, ${field}`, { field });
  }
  const warnings = checkWorkgroups(spec, bindings, limits);
  return { wgsl, entryPoint: asked.entryPoint, overrides, baked, bindings, workgroups: spec.workgroups, warnings };
}

function planBinding(spec: KernelBinding, asked: KernelInterface, limits: Limits): PlannedBinding {
  const group = spec.group ?? 0;
  const field = `@group(${group}) @binding(${spec.binding})`;
  checkPlace('a binding', group, spec.binding, limits);
  const isHere = (each: KernelVariable) => each.group === group && each.binding === spec.binding;
  // One that the entry point does not use still has its name and type, unless several entry points share the place.
  const declaredHere = asked.declared.filter(isHere);
  const found = asked.used.find(isHere) ?? (declaredHere.length === 1 ? declaredHere[0] : undefined);
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
  if (bytes % 4 !== 0) {
    const message = `${field} has ${bytes} bytes; buffers are made of whole 4-byte words: pad the data or give a byteLength`;
    throw new EngineError('bad-input', message, { field, value: bytes, limit: Math.ceil(bytes / 4) * 4 });
  }
  if (bytes === 0 && spec.kind === 'storage') {
    throw new EngineError('bad-input', `${field} is written, and has no bytes`, { field, value: bytes, limit: 4 });
  }
  const limitName = spec.kind === 'uniform' ? 'maxUniformBufferBindingSize' : 'maxStorageBufferBindingSize';
  for (const name of [limitName, 'maxBufferSize']) {
    const limit = limits[name] ?? Number.POSITIVE_INFINITY;
    if (bytes <= limit) continue;
    const message = `${field} needs ${bytes} bytes; this device allows ${limit} (${name})`;
    throw new EngineError('limit-exceeded', message, { field, value: bytes, limit });
  }
  const variable = found?.name ?? `binding${group}_${spec.binding}`;
  const { type, leastBytes = 0, scalar = 'f32' } = found ?? {};
  if (bytes < leastBytes) {
    const message = `${field} is ${type}, which needs ${leastBytes} bytes; ${bytes} were given`;
    throw new EngineError('bad-input', message, { field, value: bytes, limit: leastBytes });
  }
  const element: DType = spec.element ?? scalar;
  return { spec, group, variable, name: spec.name ?? variable, element, bytes };
}

/** @throws EngineError limit-exceeded naming the device limit */
function checkBindingCounts(bindings: readonly PlannedBinding[], limits: Limits): void {
  const uniforms = bindings.filter(({ spec }) => spec.kind === 'uniform').length;
  for (const [field, value, what] of [
    ['maxStorageBuffersPerShaderStage', bindings.length - uniforms, 'storage buffers'],
    ['maxUniformBuffersPerShaderStage', uniforms, 'uniform buffers'],
  ] as const) {
    const limit = limits[field] ?? Number.POSITIVE_INFINITY;
    if (value <= limit) continue;
    const message = `${FOREIGN_FILE} binds ${value} ${what}; this device allows ${limit} (${field})`;
    throw new EngineError('limit-exceeded', message, { field, value, limit });
  }
}

/** @throws EngineError bad-input for a binding at a place where the kernel has no variable */
function requireDeclared(bindings: readonly PlannedBinding[], { declared }: KernelInterface): void {
  const placeOf = ({ group, binding }: { group: number; binding: number }) => `@group(${group}) @binding(${binding})`;
  const limit = declared.map(placeOf);
  for (const { group, spec } of bindings) {
    const field = placeOf({ group, binding: spec.binding });
    if (limit.includes(field)) continue;
    const known = limit.length > 0 ? `it has ${limit.join(', ')}` : 'it has none';
    throw new EngineError('bad-input', `the kernel has no variable at ${field}; ${known}`, { field, limit });
  }
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

/** @returns what is worth a warning */
function checkWorkgroups({ workgroups }: KernelSpec, bindings: readonly PlannedBinding[], limits: Limits): string[] {
  const most = limits.maxComputeWorkgroupsPerDimension ?? 65_535;
  if (Array.isArray(workgroups)) {
    workgroups.forEach((value, axis) => {
      const field = `workgroups.${'xyz'[axis]}`;
      if (!Number.isInteger(value) || value < 0)
        throw new EngineError('bad-input', `${field} is ${value}`, { field, value });
      if (value <= most) return;
      const message = `${field} is ${value}; this device allows ${most} (maxComputeWorkgroupsPerDimension)`;
      throw new EngineError('limit-exceeded', message, { field, value, limit: most });
    });
    if (workgroups.length !== 3)
      throw new EngineError('bad-input', 'workgroups needs three numbers', { field: 'workgroups', value: workgroups });
    return [];
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
  // No dispatch can write the counts it starts from, so what was given is what it takes.
  const counts = countsAt(source.spec.data, offset);
  if (counts.every((count) => count <= most)) return [];
  return [
    `${source.name} asks for ${counts.join(' × ')} workgroups; this device allows ${most} along an axis (maxComputeWorkgroupsPerDimension), so nothing was dispatched`,
  ];
}

/** Three u32 of the buffer that starts with `data` and goes on with zeros. */
function countsAt(data: ArrayBufferView | undefined, offset: number): number[] {
  const words = new DataView(new ArrayBuffer(12));
  for (let index = 0; data && index < Math.min(12, data.byteLength - offset); index++) {
    words.setUint8(index, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)[offset + index]!);
  }
  return [0, 4, 8].map((at) => words.getUint32(at, true));
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
