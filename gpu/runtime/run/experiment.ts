// An Experiment or ModelSpec → everything a session needs, before anything is allocated: the plan, the kernels' text, the inputs.

import { EngineError } from '../../core/errors.ts';
import { nonFiniteWarnings } from '../../core/non-finite.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import type { Config, Kernel, Limits } from '../../mechanisms/mechanism.ts';
import type { Stream } from '../../model/model.ts';
import { checkPlan } from '../../plan/check.ts';
import { checkKernel } from '../../plan/check-kernel.ts';
import type { BufferSpec, Plan } from '../../plan/plan.ts';
import { bake } from '../../wgsl/text/bake.ts';
import type { Experiment, ModelSpec, Ran } from '../api.ts';
import { requireOwnMemory } from '../call/check-memory.ts';
import type { Catalogue } from './catalogue.ts';

export interface Resolved {
  /** `mechanism/variant` or the model's id. */
  label: string;
  plan: Plan;
  /** File → text, edits applied. */
  sources: ReadonlyMap<string, string>;
  edited: ReadonlySet<string>;
  /** Contents of the plan's input buffers; those with a constant list are not in it. */
  inputs: Record<string, Tensor>;
  ran: Ran;
  warnings: string[];
  /** Of a model that goes on token by token. */
  stream?: Stream;
}

interface Definition {
  label: string;
  kernels: readonly Kernel[];
  config: Config;
  plan: Plan;
  makeInputs?: (config: Config, seed: number) => Record<string, Tensor>;
  sizeInputs: readonly string[];
  stream?: Stream;
}

/**
 * @throws EngineError unknown-mechanism, unknown-variant, unknown-kernel, bad-config, bad-input, shape-mismatch, unsupported,
 *   limit-exceeded
 */
export function resolve(
  catalogue: Catalogue,
  what: Experiment | ModelSpec,
  given: Record<string, Tensor> | undefined,
  limits: Limits,
): Resolved {
  const {
    label,
    kernels: shipped,
    config,
    plan,
    makeInputs,
    sizeInputs,
    stream,
  } = 'model' in what ? defineModel(catalogue, what, given, limits) : defineExperiment(catalogue, what, given, limits);
  const { sources, edited } = applyEdits(label, shipped, what.sources ?? {});
  checkPlan(plan, Object.fromEntries(sources), limits);
  const kernels = bakedKernels(plan, sources, limits);

  const wanted = plan.buffers.filter((spec) => spec.role === 'input' && !Array.isArray(spec.init));
  const warnings: string[] = [];
  const missing = wanted.filter((spec) => !Object.hasOwn(given ?? {}, spec.name));
  const seed = what.seed ?? 1;
  const made = missing.length > 0 ? (makeInputs?.(config, seed) ?? {}) : {};
  for (const name of Object.keys(given ?? {})) {
    if (wanted.some((spec) => spec.name === name) || Object.hasOwn(made, name) || sizeInputs.includes(name)) continue;
    const limit = [...wanted.map((spec) => spec.name), ...sizeInputs];
    throw new EngineError('bad-input', `${label} has no input ${name}; it takes ${limit.join(', ')}`, {
      field: name,
      limit,
    });
  }
  const inputs: Record<string, Tensor> = {};
  for (const spec of wanted) {
    const value = given && Object.hasOwn(given, spec.name) ? given[spec.name] : made[spec.name];
    if (!value) throw new EngineError('bad-input', `${label} needs the input ${spec.name}`, { field: spec.name });
    inputs[spec.name] = checkTensor(spec, value);
  }
  // Values that the config holds under the tensor's name are not by chance.
  const random = missing.filter(({ name }) => !Array.isArray(config[name]));
  if (given && random.length > 0 && missing.length < wanted.length) {
    warnings.push(`not given, so made from seed ${seed}: ${random.map((spec) => spec.name).join(', ')}`);
  }
  warnings.push(...nonFiniteWarnings(given ?? {}));
  const own = Object.fromEntries(missing.map(({ name }) => [name, inputs[name]!]));
  const ran = { config, plan, kernels, inputs: own };
  return { label, plan, sources, edited, inputs, ran, warnings, ...(stream && { stream }) };
}

function defineExperiment(
  { mechanisms, listed }: Catalogue,
  { mechanism: id, variant: variantId, config: raw }: Experiment,
  given: Record<string, Tensor> | undefined,
  limits: Limits,
): Definition {
  const mechanism = mechanisms.get(id);
  if (!mechanism) {
    const limit = listed ?? [...mechanisms.keys()];
    throw new EngineError('unknown-mechanism', `there is no mechanism ${id}`, { field: 'mechanism', value: id, limit });
  }
  const variant = mechanism.variants.find((each) => each.id === variantId);
  if (!variant) {
    const limit = mechanism.variants.map((each) => each.id);
    const message = `${id} has no variant ${variantId}; it has ${limit.join(', ')}`;
    throw new EngineError('unknown-variant', message, { field: 'variant', value: variantId, limit });
  }
  for (const [name, value] of Object.entries(given ?? {})) requireWholeTensor(name, value);
  const config = mechanism.resolve(raw, given);
  const supported = variant.supports(config, limits);
  if (supported !== true) throw supported;
  return {
    label: `${id}/${variantId}`,
    kernels: variant.kernels,
    config,
    plan: mechanism.plan(variantId, config, limits),
    makeInputs: (resolved, seed) => mechanism.makeInputs(resolved, seed),
    sizeInputs: mechanism.sizeInputs ?? [],
  };
}

function defineModel(
  { models }: Catalogue,
  { model: id, config: raw }: ModelSpec,
  given: Record<string, Tensor> | undefined,
  limits: Limits,
): Definition {
  const model = models.get(id);
  if (!model) {
    throw new EngineError('unknown-mechanism', `there is no model ${id}`, {
      field: 'model',
      value: id,
      limit: [...models.keys()],
    });
  }
  for (const [name, value] of Object.entries(given ?? {})) requireWholeTensor(name, value);
  const config = model.resolve(raw, given);
  const stream = model.stream?.(config);
  return {
    label: id,
    kernels: model.kernels,
    config,
    plan: model.plan(config, limits),
    makeInputs: (resolved, seed) => model.makeInputs?.(resolved, seed) ?? {},
    sizeInputs: [],
    ...(stream && { stream }),
  };
}

/** Checks each distinct kernel with its constants, once. @returns every file's text as its first pass bakes it */
function bakedKernels(plan: Plan, sources: ReadonlyMap<string, string>, limits: Limits): Kernel[] {
  const seen = new Set<string>();
  const baked = new Map<string, Kernel>();
  for (const { kernel: file, entryPoint, constants } of plan.passes) {
    const key = JSON.stringify([file, entryPoint, constants]);
    if (seen.has(key)) continue;
    seen.add(key);
    const wgsl = bake(sources.get(file)!, constants);
    checkKernel(file, wgsl, entryPoint, limits);
    if (!baked.has(file)) baked.set(file, { file, wgsl });
  }
  return [...baked.values()];
}

function applyEdits(label: string, kernels: readonly Kernel[], edits: Record<string, string>) {
  const sources = new Map(kernels.map(({ file, wgsl }) => [file, wgsl]));
  const edited = new Set<string>();
  for (const [file, wgsl] of Object.entries(edits)) {
    const original = sources.get(file);
    if (original === undefined) {
      const limit = [...sources.keys()];
      throw new EngineError('unknown-kernel', `${label} has no kernel ${file}`, { field: file, limit });
    }
    if (wgsl === original) continue;
    sources.set(file, wgsl);
    edited.add(file);
  }
  return { sources, edited };
}

/** @throws EngineError bad-input, shape-mismatch for a tensor whose data does not fill its shape */
export function requireWholeTensor(name: string, { shape, dtype, data }: Tensor): void {
  const bad = !Array.isArray(shape) || shape.some((extent) => !Number.isInteger(extent) || extent < 0);
  if (bad) throw new EngineError('bad-input', `${name}: not a shape: ${String(shape)}`, { field: name, value: shape });
  const kinds = { f32: Float32Array, u32: Uint32Array, i32: Int32Array };
  if (!Object.hasOwn(kinds, dtype) || !(data instanceof kinds[dtype])) {
    throw new EngineError('bad-input', `${name}: the data is no ${dtype} array`, { field: name, value: dtype });
  }
  requireOwnMemory(`${name}.data`, data);
  const length = elementCount(shape);
  if (length !== data.length) {
    const message = `${name}: shape [${shape.join(', ')}] holds ${length} elements, the data has ${data.length}`;
    throw new EngineError('shape-mismatch', message, { field: name, value: data.length, limit: length });
  }
}

/** @throws EngineError bad-input, shape-mismatch */
export function checkTensor(spec: BufferSpec, value: Tensor): Tensor {
  requireWholeTensor(spec.name, value);
  const integers = spec.dtype !== 'f32' && value.dtype !== 'f32';
  if (value.dtype !== spec.dtype && !integers) {
    const message = `${spec.name}: ${value.dtype} was given where ${spec.dtype} is needed`;
    throw new EngineError('bad-input', message, { field: spec.name, value: value.dtype, limit: spec.dtype });
  }
  if (value.shape.length !== spec.shape.length || value.shape.some((extent, axis) => extent !== spec.shape[axis])) {
    const message = `${spec.name}: shape [${value.shape.join(', ')}] was given where [${spec.shape.join(', ')}] is needed`;
    throw new EngineError('shape-mismatch', message, { field: spec.name, value: value.shape, limit: spec.shape });
  }
  return value;
}
