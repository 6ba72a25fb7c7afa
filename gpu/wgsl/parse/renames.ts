// A kernel may give WGSL's own names another meaning (`fn function`, `var max = c[0];`). Text that is inserted there needs WGSL's, so in
// that text the kernel's are made longer, where they are declared and wherever they are used. What the user sees keeps its names.

import type { DeclIdent } from 'wesl/core';
import { applyEdits } from '../text/edits.ts';
import { namesFor } from '../text/names.ts';
import type { Edit } from '../text/recorder-contract.ts';
import type { Module } from './parse.ts';

export interface Renames {
  /** By offset. They go before all other insertions at the same place. */
  edits: readonly Edit[];
  nameOf(decl: DeclIdent): string;
  /** Source text from `start` to `end`, with the names that it has in the new text. */
  slice(start: number, end: number): string;
  /** `text` of a record line, as it stands among the names in scope at `offset`. */
  inScope(text: string, offset: number): string;
  /** New names by old ones, where a pipeline asks for them: the entry point and constants without an id. Undefined where none has changed. */
  forPipeline: Record<string, string> | undefined;
}

/**
 * @param appended WGSL's own names that text appended at module scope uses
 * @param inline those that text inserted into the kernel's functions uses
 */
export function renamesIn(module: Module, appended: readonly string[], inline: readonly string[] = []): Renames {
  const suffix = freshSuffix(module.code, [...appended, ...inline]);
  const renamed = new Set<DeclIdent>();
  const edits: Edit[] = [];
  for (const [decl, offsets] of module.occurrences) {
    const { originalName } = decl;
    if (!inline.includes(originalName) && !(decl.isGlobal && appended.includes(originalName))) continue;
    renamed.add(decl);
    for (const offset of offsets) edits.push({ offset: offset + originalName.length, text: suffix });
  }
  edits.sort((a, b) => a.offset - b.offset);
  const nameOf = (decl: DeclIdent) => decl.originalName + (renamed.has(decl) ? suffix : '');
  const forPipeline = [...renamed].filter(
    (decl) =>
      decl.declElem?.kind === 'fn' || module.overrides.some(({ ident, id }) => ident === decl && id === undefined),
  );
  return {
    edits,
    nameOf,
    slice: (start, end) =>
      applyEdits(
        module.code.slice(start, end),
        edits
          .filter(({ offset }) => offset > start && offset <= end)
          .map(({ offset, text }) => ({ offset: offset - start, text })),
      ),
    inScope(text, at) {
      const scope = module.scopesAt.get(at);
      return text.replace(/(?<![.\p{XID_Continue}])[\p{XID_Start}_]\p{XID_Continue}*/gu, (name) => {
        const decl = scope?.get(name);
        return decl ? nameOf(decl) : name;
      });
    },
    forPipeline:
      forPipeline.length === 0
        ? undefined
        : Object.fromEntries(forPipeline.map((decl) => [decl.originalName, nameOf(decl)])),
  };
}

function freshSuffix(code: string, names: readonly string[]): string {
  let suffix = `_${namesFor(code).prefix}`;
  while (names.some((name) => code.includes(name + suffix))) suffix += '_';
  return suffix;
}
