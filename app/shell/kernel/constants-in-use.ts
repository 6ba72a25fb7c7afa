// Marked constants of a kernel have the values that settings and sizes give them, whatever its text says: which, and what of a draft
// is therefore not used.

import { bake, type Tunable, tunables } from '#gpu/wgsl/text/bake.ts';

export type ConstantValue = number | boolean;

export interface KernelConstant {
  name: string;
  /** In the run on screen; absent while there is none of this kernel. */
  used: ConstantValue | undefined;
  /** In the text as shipped. */
  shipped: ConstantValue;
  /** Label of the control that sets it; null where there is none to be changed now. */
  control: string | null;
  /** What decides the value: 'set by the settings (Key tile)'. */
  by: string;
}

const DECIDED: Record<Tunable['kind'], string> = {
  tune: 'set outside this text',
  shape: 'set by the sizes',
  flag: 'set by the settings',
};

/** An edited text may hold a marked constant that is no literal, while it is typed at the latest; then nothing is known of it. */
function marked(text: string): Tunable[] {
  try {
    return tunables(text);
  } catch {
    return [];
  }
}

/**
 * @param used values of the run on screen
 * @param controlOf label of the control that sets a constant, if there is one
 * @param tuned names of the constants that are chosen by measuring
 */
export function kernelConstants(
  shipped: string,
  used: Readonly<Record<string, ConstantValue>> | undefined,
  controlOf: (name: string) => string | undefined,
  tuned: readonly string[] = [],
): KernelConstant[] {
  return marked(shipped).map(({ name, kind, value }) => {
    const control = controlOf(name) ?? null;
    const own = tuned.includes(name) ? 'chosen by tuning to this device' : DECIDED[kind];
    const by = control === null ? own : `set by the settings (${control})`;
    return { name, used: used?.[name], shipped: value, control, by };
  });
}

/** The text as it ran. */
export function textAsRun(text: string, held: readonly KernelConstant[]): string {
  const names = new Set(marked(text).map(({ name }) => name));
  const values = held.flatMap(({ name, used }) =>
    used !== undefined && names.has(name) ? [[name, used] as const] : [],
  );
  try {
    return bake(text, Object.fromEntries(values), { partial: true });
  } catch {
    return text;
  }
}

/** A sentence for every value of the draft that a run does not take. */
export function unusedValues(draft: string, held: readonly KernelConstant[]): string[] {
  const typed = new Map(marked(draft).map(({ name, value }) => [name, value]));
  return held.flatMap(({ name, used, shipped, by }) => {
    const value = typed.get(name);
    if (value === undefined || value === (used ?? shipped)) return [];
    const ran = used === undefined ? '' : `: this run has ${name} = ${used}`;
    return [`${name} is ${by}${ran}; ${value} is not used.`];
  });
}

/** 'BR = 16 (Query tile), LANES = 8'; empty while nothing of this kernel has run. */
export function usedWords(held: readonly KernelConstant[]): string {
  return held
    .flatMap(({ name, used, control }) =>
      used === undefined ? [] : [`${name} = ${used}${control ? ` (${control})` : ''}`],
    )
    .join(', ');
}
