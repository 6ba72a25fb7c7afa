// What a mechanism takes from outside: names, and as far as a plan knows them, axes and types. Pure.

import type { DType } from '#gpu/core/tensor.ts';
import type { Config, Limits, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import type { Reads } from '../../exhibit/reads.ts';

/** An input that a file can bring. */
export interface Wanted {
  name: string;
  /** False where a run can do without it. */
  isNeeded: boolean;
  /** Where a plan is known that has it. */
  axes?: readonly string[];
  dtype?: DType;
}

/** Buffers of a plan that somebody has to give. */
export const inputsOf = ({ buffers }: Plan) =>
  buffers.filter(({ role, init }) => role === 'input' && !Array.isArray(init));

/** A plan, where one can be made; without limits, on any device. */
export function planOf(mechanism: Mechanism, variant: string, config: Config, limits: Limits = {}): Plan | undefined {
  try {
    return mechanism.plan(variant, config, limits);
  } catch {
    return undefined;
  }
}

const known = new WeakMap<Mechanism, readonly Wanted[]>();

/**
 * What every preset needs is needed, or what the first does where variants take nothing in common; what some have, or the mechanism's
 * description lists, may be there.
 */
export function wantedBy(mechanism: Mechanism): readonly Wanted[] {
  const wanted = known.get(mechanism) ?? findWanted(mechanism);
  known.set(mechanism, wanted);
  return wanted;
}

function findWanted(mechanism: Mechanism): Wanted[] {
  const plans = mechanism.presets.flatMap(
    ({ variant, config }) => planOf(mechanism, variant, mechanism.resolve(config)) ?? [],
  );
  const described = mechanism.description?.tensors ?? {};
  const isIn = (name: string, plan: Plan) => inputsOf(plan).some((each) => each.name === name);
  const [first] = plans;
  const inAll = first ? inputsOf(first).filter(({ name }) => plans.every((plan) => isIn(name, plan))) : [];
  const needed = new Set((inAll.length === 0 && first ? inputsOf(first) : inAll).map(({ name }) => name));
  const found = new Map<string, Wanted>();
  for (const plan of plans) {
    for (const { name, axes, dtype } of inputsOf(plan)) {
      const isNeeded = needed.has(name) && described[name]?.optional === undefined;
      if (!found.has(name)) found.set(name, { name, axes, dtype, isNeeded });
    }
  }
  for (const [name, { role }] of Object.entries(described))
    if (role === 'input' && !found.has(name)) found.set(name, { name, isNeeded: false });
  for (const name of mechanism.sizeInputs ?? []) found.set(name, { name, isNeeded: false, dtype: 'i32' });
  return [...found.values()];
}

/** Its axes in a file where it has as many as `rank`, or in its whole form; undefined where nothing is known of them. */
export function axesInFile(
  { name, axes }: Pick<Wanted, 'name' | 'axes'>,
  { forms }: NonNullable<Reads['file']> = {},
  rank?: number,
): readonly string[] | undefined {
  const known = forms?.[name] ?? (axes ? [axes] : []);
  return rank === undefined ? known[0] : known.find(({ length }) => length === rank);
}

/** What a file needs to hold, in the plan's order; for words. */
export const neededTensors = (mechanism: Mechanism): Wanted[] => wantedBy(mechanism).filter(({ isNeeded }) => isNeeded);
