// From a raw config and the given inputs to a config whose sizes are all known: shared by mechanisms, primitives and models.

import { EngineError } from './errors.ts';
import type { z } from './schema.ts';
import type { Tensor } from './tensor.ts';

/** @throws EngineError bad-config naming the key, its value and the bound, the choices or the kind that it needs */
export function parseConfig<T>(schema: z.ZodMiniType<T>, raw: object): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const field = path.map(String).join('.') || 'config';
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  throw new EngineError('bad-config', `${field}: ${issue.message}`, { field, value, limit: limitOf(issue, schema) });
}

function limitOf(issue: z.core.$ZodIssue, schema: object): unknown {
  switch (issue.code) {
    case 'too_small':
      return issue.minimum;
    case 'too_big':
      return issue.maximum;
    case 'invalid_value':
      return issue.values;
    case 'invalid_type':
      return issue.expected;
    case 'unrecognized_keys':
      return issue.path.length === 0 && 'shape' in schema ? Object.keys(schema.shape as object) : undefined;
    default:
      return issue.message;
  }
}

/**
 * Sizes by name, from the config's keys and from the shapes of the inputs that are given.
 *
 * @param keys the config's size keys; undefined where the config does not say
 * @param axes size name of every axis of every input: { a: ['m', 'k'], b: ['k', 'n'] }
 * @throws EngineError shape-mismatch (an input of another rank, or two sources that disagree), bad-config (nobody says)
 */
export function resolveSizes<Size extends string>(
  keys: Readonly<Record<Size, number | undefined>>,
  inputs: Readonly<Record<string, Tensor>> | undefined,
  axes: Readonly<Record<string, readonly Size[]>>,
): Record<Size, number> {
  const known = new Map<Size, { extent: number; from: string }>();
  const names = Object.keys(keys) as Size[];
  for (const name of names) {
    const extent = keys[name];
    if (extent !== undefined) known.set(name, { extent, from: 'the config' });
  }
  for (const [input, sizes] of Object.entries(axes)) {
    const shape = inputs?.[input]?.shape;
    if (shape === undefined) continue;
    if (shape.length !== sizes.length) {
      const message = `${input} has ${shape.length} axes; it needs ${sizes.length}: [${sizes.join(', ')}]`;
      throw new EngineError('shape-mismatch', message, { field: input, value: shape, limit: sizes });
    }
    for (const [axis, name] of sizes.entries()) {
      const extent = shape[axis]!;
      const before = known.get(name);
      if (before && before.extent !== extent) {
        const message = `${input} says ${name} = ${extent}, ${before.from} says ${before.extent}`;
        throw new EngineError('shape-mismatch', message, { field: name, value: extent, limit: before.extent });
      }
      known.set(name, { extent, from: input });
    }
  }
  const resolved = names.map((name): [Size, number] => {
    const extent = known.get(name)?.extent;
    if (extent === undefined)
      throw new EngineError('bad-config', `${name} is not known: give it or an input`, { field: name });
    if (extent < 1)
      throw new EngineError('bad-config', `${name} must be at least 1`, { field: name, value: extent, limit: 1 });
    return [name, extent];
  });
  return Object.fromEntries(resolved) as Record<Size, number>;
}
