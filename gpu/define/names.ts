// Names across two texts: what a kernel calls a thing, and what the description calls it.

import { EngineError } from '../core/errors.ts';

/** `HAS_D` and `has_d` → `hasD` */
export const camelCase = (name: string) =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The name under which `known` has what a kernel calls `name`. */
export function knownAs(name: string, known: (name: string) => boolean): string | undefined {
  return [name, camelCase(name)].find(known);
}

/** A description that contradicts itself or its kernels. */
export function wrongDescription(id: string, message: string, field: string, limit?: unknown): EngineError {
  return new EngineError('internal', `the description of ${id}: ${message}`, {
    field,
    ...(limit !== undefined && { limit }),
  });
}
