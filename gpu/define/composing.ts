// Mechanisms within a mechanism: their dispatches on its tensors, and their counts by the names of those.

import type { BufferCount, Kernel, Totals } from '../mechanisms/mechanism.ts';
import { concat } from '../plan/concat.ts';
import type { BufferSpec, Plan } from '../plan/plan.ts';
import { type View, viewsOf } from '../plan/views.ts';
import { wrongDescription } from './names.ts';
import type { MechanismSpec, Pass, Run, Sub } from './spec.ts';
import { isUnused } from './tensors.ts';
import { settled } from './wiring.ts';

export const isSub = <C>(entry: Pass<C> | Sub<C>): entry is Sub<C> => 'mechanism' in entry;

export const subsOf = <C>({ variants }: MechanismSpec<C>): Sub<C>[] =>
  Object.values(variants).flatMap(({ passes }) => passes.filter(isSub));

export function kernelsOf<C>({ mechanism, variant }: Sub<C>): readonly Kernel[] {
  return mechanism.variants.find(({ id }) => id === variant)?.kernels ?? [];
}

/** Its plan, and what each of the tensors of that is called, or stands in, here. */
function wiringOf<C>({ mechanism, variant, ...sub }: Sub<C>, config: C, run: Run) {
  const plan = mechanism.plan(variant, sub.config(config), run.limits);
  const has = (name: string) => plan.buffers.some((spec) => spec.name === name);
  const views = Object.entries(sub.views?.(config) ?? {}).filter(([name]) => has(name));
  const named = Object.entries(sub.names).map(([name, from]) => [name, settled(from, config, run)] as const);
  const unused = plan.buffers.filter(({ name }) => isUnused(name)).map(({ name }) => [name, name] as const);
  return { plan, names: [...named, ...unused].filter(([name]) => has(name)), views };
}

const PLAN = 'of';
const within = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.map(([name, value]) => [`${PLAN}.${name}`, value]));

/**
 * @param buffers those of the whole
 * @returns its plan on them; beside them it has the dummies that it binds
 * @throws EngineError as concat does; internal for an input, or a buffer that a kernel binds, that the whole does not have
 */
export function planOfSub<C>(id: string, sub: Sub<C>, buffers: readonly BufferSpec[], config: C, run: Run): Plan {
  const { plan, names, views } = wiringOf(sub, config, run);
  const whole = concat([{ name: PLAN, plan }], { names: within(names), views: within<View>(views), wholes: buffers });
  const bound = new Set(whole.passes.flatMap(({ bindings }) => Object.values(bindings)));
  const stray = whole.buffers.find(
    ({ name, role }) => name.startsWith(`${PLAN}.`) && (role === 'input' || bound.has(name)),
  );
  if (!stray) return whole;
  const tensor = stray.name.slice(PLAN.length + 1);
  throw wrongDescription(id, `no tensor is wired to ${tensor} of ${sub.mechanism.id}`, tensor);
}

/** Its closed form, by the names of the whole. */
export function totalsOfSub<C>(sub: Sub<C>, config: C, run: Run): Totals {
  const { plan, names, views } = wiringOf(sub, config, run);
  const { replaced } = viewsOf(plan, new Map(views));
  const called = new Map([...names, ...replaced]);
  const totals = sub.mechanism.cost(sub.variant, sub.config(config), run.limits);
  const rename = (row: BufferCount): BufferCount => ({ ...row, buffer: called.get(row.buffer) ?? row.buffer });
  return { ...totals, buffers: totals.buffers.map(rename) };
}
