// A config as a plan, or the reason why there is none; and the plans among which autotune may choose.

import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import { type Tuning, tuneCombinations } from '../plan/kernel-form.ts';
import type { BufferSpec, PassSpec, Plan } from '../plan/plan.ts';
import { bake } from '../wgsl/text/bake.ts';
import type { Axes } from './axes.ts';
import { isSub, planOfSub } from './composing.ts';
import { requireOfDevice } from './device.ts';
import type { KernelText } from './kernel-text.ts';
import type { MechanismSpec, Pass, Run, Sub, VariantSpec } from './spec.ts';
import { buffersOf, isUnused, unusedBuffers } from './tensors.ts';
import { wire } from './wiring.ts';

/** What planning says by throwing; a contradiction in the description is thrown on. */
export function refusalOf(plan: () => void): EngineError | undefined {
  try {
    plan();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'internal') return error;
    throw error;
  }
}

/** @throws EngineError unknown-variant */
function variantNamed<C>({ card, variants }: MechanismSpec<C>, value: string): VariantSpec<C> {
  if (Object.hasOwn(variants, value)) return variants[value]!;
  const limit = Object.keys(variants);
  const message = `${card.id} has no variant ${value}; it has ${limit.join(', ')}`;
  throw new EngineError('unknown-variant', message, { field: 'variant', value, limit });
}

/** Those that a config dispatches. */
function activeOf<C>(spec: MechanismSpec<C>, config: C, run: Run): (Pass<C> | Sub<C>)[] {
  return variantNamed(spec, run.variant).passes.filter(({ when }) => when?.(config, run) ?? true);
}

/** Mechanisms within that the part 'run' dispatches. */
export function runningSubs<C>(spec: MechanismSpec<C>, config: C, run: Run): Sub<C>[] {
  const active = activeOf(spec, config, run);
  return active.filter(isSub).filter(({ part }) => part === active[0]?.part);
}

/** What autotune may try: values of the constants of the kernel that the key `tuning` is for, where they can be planned. */
export function tuningsOf<C>(
  spec: MechanismSpec<C>,
  kernels: ReadonlyMap<string, KernelText>,
  config: C,
  run: Run,
  plans: (config: C, run: Run) => boolean,
): Tuning[] {
  const { tuning: _other, ...rest } = config as C & { tuning?: Tuning };
  const tuned = activeOf(spec, rest as C, run).find((pass) => !isSub(pass) && pass.tuned) as Pass<C> | undefined;
  if (!tuned) return [];
  return tuneCombinations(kernels.get(tuned.kernel)!.wgsl).filter((tuning) => plans({ ...rest, tuning } as C, run));
}

export function planOf<C>(
  spec: MechanismSpec<C>,
  kernels: ReadonlyMap<string, KernelText>,
  axes: Axes<C>,
  config: C,
  run: Run,
): Plan {
  const variant = variantNamed(spec, run.variant);
  const misfit = spec.misfit?.(config, run);
  if (misfit) throw misfit;
  const buffers = buffersOf(spec, axes, config, run);
  const passes: PassSpec[] = [];
  const parts: Record<string, number[]> = {};
  const dummies = new Map<string, number>();
  const active = activeOf(spec, config, run);
  for (const entry of active) {
    const made = isSub(entry)
      ? planOfSub(spec.card.id, entry, buffers, config, run)
      : dispatch(spec, entry, kernels.get(entry.kernel)!, buffers, config, run);
    for (const { name, shape } of made.buffers.filter((each) => isUnused(each.name)))
      dummies.set(name, Math.max(elementCount(shape), dummies.get(name) ?? 1));
    const indices = made.passes.map((_, i) => passes.length + i);
    if (entry.part) parts[entry.part] = [...(parts[entry.part] ?? []), ...indices];
    passes.push(...made.passes);
  }
  const first = active[0]?.part;
  return {
    buffers: [...buffers, ...unusedBuffers(dummies)],
    passes,
    ...(first && { parts: { run: parts[first]!, ...parts } }),
    idempotent: !variant.changesState,
  };
}

/** One dispatch of an own kernel, with the dummies that it binds. */
function dispatch<C>(
  spec: MechanismSpec<C>,
  pass: Pass<C>,
  kernel: KernelText,
  buffers: readonly BufferSpec[],
  config: C,
  run: Run,
): Pick<Plan, 'buffers' | 'passes'> {
  const present = new Set(buffers.map(({ name }) => name));
  const wired = wire(spec, pass, kernel, present, config, run);
  if (pass.needs) requireOfDevice(kernel.file, bake(kernel.wgsl, wired.constants), pass.needs, run.limits);
  const dummies = kernel.bindings
    .map(({ name, elements }) => [wired.bindings[name]!, elements] as const)
    .filter(([name]) => isUnused(name));
  return { buffers: dummies.flatMap((dummy) => unusedBuffers(new Map([dummy]))), passes: [wired] };
}
