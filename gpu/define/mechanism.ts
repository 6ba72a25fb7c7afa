// From a description of a mechanism to the contract that engine and page know (gpu/mechanisms/mechanism.ts): schema, sizes, inputs, plan
// and counts follow from a table of tensors with named axes and from the kernels' own text.

import type { EngineError } from '../core/errors.ts';
import { normalTensor } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Config, Description, Limits, Mechanism, StepMeaning, Variant } from '../mechanisms/mechanism.ts';
import type { Plan } from '../plan/plan.ts';
import { findMarkers } from '../wgsl/text/markers.ts';
import { type Axes, axesOf } from './axes.ts';
import { isSub, kernelsOf, subsOf, totalsOfSub } from './composing.ts';
import { totalsOf } from './cost.ts';
import { type KernelText, readKernels } from './kernel-text.ts';
import { planOf, refusalOf, runningSubs, tuningsOf } from './planning.ts';
import { NO_RUN, resolve } from './resolve.ts';
import { isTuned, schemaOf } from './schema.ts';
import type { MechanismSpec, Run, Sub, VariantSpec } from './spec.ts';
import { isGiven, shapeOf } from './tensors.ts';
import { checkNames } from './wiring.ts';

/** Closed forms that depend on the device are of one that has subgroups, unless they are told of another. */
const CAPABLE: Limits = { subgroupMinSize: 4 };

/** @throws EngineError internal where the description contradicts itself or its kernels */
export function defineMechanism<C extends object>(spec: MechanismSpec<C>): Mechanism {
  const subs = subsOf(spec);
  const kernels = readKernels(spec.kernels, subs.flatMap(kernelsOf));
  const axes = axesOf(spec);
  checkNames(spec, kernels);
  const schema = schemaOf(spec);
  const plan = (config: C, run: Run) => planOf(spec, kernels, axes, config, run);
  const refusal = (config: C, run: Run) => refusalOf(() => plan(config, run));
  const typed = (config: Config) => config as C;
  return {
    ...spec.card,
    description: descriptionOf(spec),
    config: schema,
    steps: stepsOf(spec, subs),
    variants: spec.card.variants.map(({ id, title }) => variantOf(id, title, spec.variants[id]!, kernels, refusal)),
    resolve: (raw, inputs) => resolve(spec, axes, schema, raw, inputs) as Config,
    makeInputs: (config, seed) => makeInputs(spec, axes, typed(config), seed),
    plan: (variant, config, limits) => plan(typed(config), { variant, limits }),
    reference: (config, inputs) => spec.reference(typed(config), inputs),
    cost(variant, config, limits = CAPABLE, inputs) {
      const planned = plan(typed(config), { variant, limits });
      const constant = (kernel: string, name: string) => Number(constantIn(planned, kernels.get(kernel), name));
      const within = runningSubs(spec, typed(config), { variant, limits });
      const totals = within.map((sub) => totalsOfSub(sub, typed(config), { variant, limits }));
      return totalsOf(spec.counts(typed(config), { variant, limits, constant, inputs }), planned, kernels, totals);
    },
    ...(isTuned(spec) && {
      tunings: (variant, config, limits) =>
        tuningsOf(spec, kernels, typed(config), { variant, limits }, (each, run) => refusal(each, run) === undefined),
    }),
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

/** Those that the kernels of its variant mark. */
function stepsOfSub<C>(sub: Sub<C>): StepMeaning[] {
  const markers = kernelsOf(sub).flatMap(({ wgsl }) => findMarkers(wgsl));
  const marked = new Set(markers.flatMap((marker) => (marker.kind === 'step' ? [marker.name] : [])));
  return sub.mechanism.steps.filter(({ id }) => marked.has(id));
}

/** Own steps, then those of the mechanisms within. */
function stepsOf<C>({ steps }: MechanismSpec<C>, subs: readonly Sub<C>[]): StepMeaning[] {
  const own = Object.entries(steps).map(([id, [title, text]]) => ({ id, title, text }));
  const all = [...own, ...subs.flatMap(stepsOfSub)];
  return all.filter(({ id }, i) => all.findIndex((each) => each.id === id) === i);
}

/** The value that a plan bakes; the one in the text where it does not run the kernel. */
function constantIn({ passes }: Plan, kernel: KernelText | undefined, name: string): number | boolean | undefined {
  const pass = passes.find((each) => each.kernel === kernel?.file);
  return pass?.constants[name] ?? kernel?.constants.find((each) => each.name === name)?.value;
}

function variantOf<C>(
  id: string,
  title: string,
  { passes }: VariantSpec<C>,
  kernels: ReadonlyMap<string, KernelText>,
  refusal: (config: C, run: Run) => EngineError | undefined,
): Variant {
  const used = passes.flatMap((pass) => (isSub(pass) ? kernelsOf(pass) : [kernels.get(pass.kernel)!]));
  const texts = new Map(used.map(({ file, wgsl }) => [file, { file, wgsl }]));
  return {
    id,
    title,
    kernels: [...texts.values()],
    supports: (config: Config, limits: Limits) => refusal(config as C, { variant: id, limits }) ?? true,
  };
}

function makeInputs<C>(spec: MechanismSpec<C>, axes: Axes<C>, config: C, seed: number): Record<string, Tensor> {
  const together = spec.make?.(config, seed);
  const inputs = Object.entries(spec.tensors).filter(([, tensor]) => isGiven(tensor, config));
  return Object.fromEntries(
    inputs.map(([name, tensor]): [string, Tensor] => {
      if (together?.[name]) return [name, together[name]];
      const shape = shapeOf(tensor, axes, config, NO_RUN);
      if (!tensor.make) return [name, normalTensor(seed, name, shape)];
      return [name, { dtype: tensor.dtype ?? 'f32', shape, data: tensor.make(config, seed, shape) }];
    }),
  );
}
