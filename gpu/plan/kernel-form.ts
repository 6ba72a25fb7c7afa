// Kernels that come in several forms, one of which suits a device: the config keys that say which, and the values of its `@tune` constants.

import { EngineError } from '../core/errors.ts';
import { z } from '../core/schema.ts';
import { tunables } from '../wgsl/text/bake.ts';

/**
 * gpu: tiles in workgroup memory, for graphics processors. software: no barriers, few loads, for adapters that run on a processor.
 * software-quad: likewise, four invocations share their loads by swapping registers; needs subgroups.
 */
export type KernelForm = 'gpu' | 'software' | 'software-quad';

/** Schema of a config's `form` key. */
export const formSchema = z.optional(z.enum(['auto', 'gpu', 'software', 'software-quad']));
/** Schema of a config's `tuning` key: values by constant name. */
export const tuningSchema = z.optional(z.record(z.string(), z.int().check(z.gte(1))));

/** Values of a kernel's `@tune` constants. */
export type Tuning = Record<string, number>;

/**
 * The values of the `@tune` constants of `wgsl`: those that stand in the text, replaced by `defaults`, replaced by `tuning`.
 *
 * @param file named in errors
 * @throws EngineError bad-config for a constant the kernel does not have, or a value that is not among its choices
 */
export function tuningOf(file: string, wgsl: string, tuning: Tuning = {}, defaults: Tuning = {}): Tuning {
  const known = tunables(wgsl).filter(({ kind }) => kind === 'tune');
  for (const [name, value] of Object.entries(tuning)) {
    const constant = known.find((each) => each.name === name);
    if (constant?.choices.includes(value)) continue;
    const limit = constant ? constant.choices : known.map((each) => each.name);
    const message = constant
      ? `tuning.${name} is ${value}; ${file} takes ${limit.join(', ')}`
      : `${file} has no constant ${name}; it has ${limit.join(', ')}`;
    throw new EngineError('bad-config', message, { field: `tuning.${name}`, value, limit });
  }
  return { ...Object.fromEntries(known.map(({ name, value }) => [name, value as number])), ...defaults, ...tuning };
}

/** Every combination of the choices that the `@tune` constants of `wgsl` list. */
export function tuneCombinations(wgsl: string): Tuning[] {
  let combinations: Tuning[] = [{}];
  for (const { name, kind, choices } of tunables(wgsl)) {
    if (kind !== 'tune') continue;
    combinations = combinations.flatMap((each) => choices.map((value) => ({ ...each, [name]: value as number })));
  }
  return combinations;
}

/** Refuses a size that vec4s do not divide. @param file named in the error */
export function needsVec4s(file: string, field: string, value: number): EngineError | undefined {
  if (value % 4 === 0) return undefined;
  const message = `${field} is ${value}; ${file} reads vec4s and needs a multiple of four`;
  return new EngineError('unsupported', message, { field, value, limit: 'a multiple of 4' });
}
