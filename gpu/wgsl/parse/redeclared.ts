// A kernel may give WGSL's own names another meaning (`var max = c[0];`). Inside a function that concerns nobody but the text inserted
// there; at module scope it also changes the text appended there.

import type { Module } from './parse.ts';

/**
 * @param appended WGSL's own names that text appended at module scope uses
 * @param inline those that text inserted into the kernel's functions uses
 * @throws EngineError unsupported-construct at a declaration that would give inserted text another meaning
 */
export function refuseRedeclared(module: Module, appended: readonly string[], inline: readonly string[] = []): void {
  const { module: outside, local } = module.declared;
  const hidden =
    appended.map((name) => ({ name, at: outside.get(name) })).find(({ at }) => at !== undefined) ??
    inline.map((name) => ({ name, at: local.get(name) })).find(({ at }) => at !== undefined);
  if (hidden?.at === undefined) return;
  throw module.refuse(hidden.at, `declaration of ${hidden.name}`, "it hides WGSL's own, which inserted code needs");
}
