// The schema of a described mechanism's config, out of its sizes, options and the flags of its optional tensors.

import { z } from '../core/schema.ts';
import { tuningSchema } from '../plan/kernel-form.ts';
import type { MechanismSpec, OptionSpec, SizeSpec } from './spec.ts';

/** Whether configs have the key `tuning`. */
export const isTuned = <C>({ variants }: MechanismSpec<C>): boolean =>
  Object.values(variants).some(({ passes }) => passes.some((pass) => 'tuned' in pass));

export function schemaOf<C>(spec: MechanismSpec<C>) {
  const { sizes, numbers = {}, options = {}, keys = {}, tensors } = spec;
  const flags = Object.values(tensors).flatMap(({ optional }) =>
    optional ? [[optional.flag, z.optional(z.boolean())] as const] : [],
  );
  return z.strictObject({
    ...mapValues(sizes, sizeSchema),
    ...mapValues(numbers, ({ schema, usual }) => z._default(schema, usual)),
    ...keys,
    ...mapValues(options, optionSchema),
    ...Object.fromEntries(flags),
    ...(isTuned(spec) && { tuning: tuningSchema }),
  });
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** Sizes of inputs are optional because inputs may say them. */
function sizeSchema<C>({ usual, least = 1, limit, ofInputs }: SizeSpec<C>): z.ZodMiniType {
  const size = limit === undefined ? z.int().check(z.gte(least)) : z.int().check(z.gte(least), z.lte(limit));
  return ofInputs === false ? z._default(size, usual) : z.optional(size);
}

/** Options that inputs may make have their default only once those were asked. */
function optionSchema({ choices, usual = choices[0]!, given }: OptionSpec): z.ZodMiniType {
  const isBoolean = choices.every((choice) => typeof choice === 'boolean');
  const schema: z.ZodMiniType = isBoolean
    ? z.boolean()
    : choices.every((choice) => typeof choice === 'string')
      ? z.enum(choices as string[])
      : z.literal(choices as [string | number | boolean]);
  return given ? z.optional(schema) : z._default(schema, usual);
}
