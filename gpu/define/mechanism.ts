// From a description of a mechanism to the contract that engine and page know (gpu/mechanisms/mechanism.ts): schema, sizes, inputs, plan
// and counts follow from a table of tensors with named axes and from the kernels' own text.

import { EngineError } from '../core/errors.ts';
import { normalTensor } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Config, Description, Limits, Mechanism, Variant } from '../mechanisms/mechanism.ts';
import type { Plan } from '../plan/plan.ts';
import { type Axes, axesOf } from './axes.ts';
import { totalsOf } from './cost.ts';
import { type KernelText, readKernels } from './kernel-text.ts';
import { NO_RUN, resolve } from './resolve.ts';
import { schemaOf } from './schema.ts';
import type { MechanismSpec, Run, VariantSpec } from './spec.ts';
import { buffersOf, isThere, isUnused, shapeOf, unusedBuffers } from './tensors.ts';
import { checkNames, wire } from './wiring.ts';

/** @throws EngineError internal where the description contradicts itself or its kernels */
export function defineMechanism<C extends object>(spec: MechanismSpec<C>): Mechanism {
  const kernels = readKernels(spec.kernels);
  const axes = axesOf(spec);
  checkNames(spec, kernels);
  const schema = schemaOf(spec);
  const plan = (config: C, run: Run) => planOf(spec, kernels, axes, config, run);
  const typed = (config: Config) => config as C;
  return {
    ...spec.card,
    description: descriptionOf(spec),
    config: schema,
    steps: Object.entries(spec.steps).map(([id, [title, text]]) => ({ id, title, text })),
    variants: spec.card.variants.map(({ id, title }) => variantOf(id, title, spec.variants[id]!, kernels, plan)),
    resolve: (raw, inputs) => resolve(spec, axes, schema, raw, inputs) as Config,
    makeInputs: (config, seed) => makeInputs(spec, axes, typed(config), seed),
    plan: (variant, config, limits) => plan(typed(config), { variant, limits }),
    reference: (config, inputs) => spec.reference(typed(config), inputs),
    cost(variant, config, limits = {}) {
      const planned = plan(typed(config), { variant, limits });
      const constant = (kernel: string, name: string) => Number(constantIn(planned, kernels.get(kernel), name));
      return totalsOf(spec.counts(typed(config), { variant, limits, constant }), planned, kernels);
    },
    ...(spec.tunings && { tunings: spec.tunings }),
    ...(spec.readText && { readText: spec.readText }),
    ...(spec.decoding && { decoding: spec.decoding }),
  };
}

function descriptionOf<C>({ sizes, numbers = {}, options = {}, tensors }: MechanismSpec<C>): Description {
  return {
    sizes: Object.fromEntries(
      Object.entries(sizes).map(([name, { most, usual, least, ofInputs = true }]) => [
        name,
        { most, usual, ...(least !== undefined && { least }), ofInputs },
      ]),
    ),
    numbers: Object.fromEntries(
      Object.entries(numbers).map(([name, { usual, least, most, step }]) => [name, { usual, least, most, step }]),
    ),
    options: Object.fromEntries(Object.entries(options).map(([name, { choices }]) => [name, { choices }])),
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, { role, title, unit, optional }]) => [
        name,
        { role, title, ...(unit !== undefined && { unit }), ...(optional && { optional: optional.flag }) },
      ]),
    ),
  };
}

/** The value that a plan bakes; the one in the text where it does not run the kernel. */
function constantIn({ passes }: Plan, kernel: KernelText | undefined, name: string): number | boolean | undefined {
  const pass = passes.find((each) => each.kernel === kernel?.file);
  return pass?.constants[name] ?? kernel?.constants.find((each) => each.name === name)?.value;
}

/** @param plan says by throwing what does not fit */
function variantOf<C>(
  id: string,
  title: string,
  { passes }: VariantSpec<C>,
  kernels: ReadonlyMap<string, KernelText>,
  plan: (config: C, run: Run) => Plan,
): Variant {
  const used = new Set(passes.map(({ kernel }) => kernels.get(kernel)!));
  return {
    ...{ id, title, kernels: [...used].map(({ file, wgsl }) => ({ file, wgsl })) },
    supports(config: Config, limits: Limits) {
      try {
        plan(config as C, { variant: id, limits });
        return true;
      } catch (error) {
        if (error instanceof EngineError && error.code !== 'internal') return error;
        throw error;
      }
    },
  };
}

function planOf<C>(
  spec: MechanismSpec<C>,
  kernels: ReadonlyMap<string, KernelText>,
  axes: Axes<C>,
  config: C,
  run: Run,
): Plan {
  const variant = Object.hasOwn(spec.variants, run.variant) ? spec.variants[run.variant] : undefined;
  if (!variant) {
    const limit = Object.keys(spec.variants);
    const message = `${spec.card.id} has no variant ${run.variant}; it has ${limit.join(', ')}`;
    throw new EngineError('unknown-variant', message, { field: 'variant', value: run.variant, limit });
  }
  const misfit = spec.misfit?.(config, run);
  if (misfit) throw misfit;
  const buffers = buffersOf(spec, axes, config, run);
  const present = new Set(buffers.map(({ name }) => name));
  const passes = variant.passes
    .filter(({ when }) => when?.(config, run) ?? true)
    .map((pass) => wire(spec, pass, kernels.get(pass.kernel)!, present, config, run));
  const unused = new Map<string, number>();
  for (const { kernel, bindings } of passes) {
    for (const { name, elements } of kernels.get(kernel.replace(/\.wgsl$/, ''))!.bindings) {
      const buffer = bindings[name]!;
      if (isUnused(buffer)) unused.set(buffer, Math.max(elements, unused.get(buffer) ?? 1));
    }
  }
  return { buffers: [...buffers, ...unusedBuffers(unused)], passes, idempotent: !variant.changesState };
}

function makeInputs<C>(spec: MechanismSpec<C>, axes: Axes<C>, config: C, seed: number): Record<string, Tensor> {
  const together = spec.make?.(config, seed);
  const inputs = Object.entries(spec.tensors).filter(
    ([, tensor]) => tensor.role === 'input' && isThere(tensor, config),
  );
  return Object.fromEntries(
    inputs.map(([name, tensor]): [string, Tensor] => {
      if (together?.[name]) return [name, together[name]];
      const shape = shapeOf(tensor, axes, config, NO_RUN);
      if (!tensor.make) return [name, normalTensor(seed, name, shape)];
      return [name, { dtype: tensor.dtype ?? 'f32', shape, data: tensor.make(config, seed, shape) }];
    }),
  );
}
