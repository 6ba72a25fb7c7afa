// Test code: takes insertions out again; that this gives the source back shows that nothing else was changed.

import type { Edit } from '../text/recorder-contract.ts';

/** The inverse of `applyEdits`. */
export function removeEdits(edited: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  let inserted = 0;
  for (const { offset, text } of edits) {
    const start = offset + inserted;
    if (edited.slice(start, start + text.length) !== text) throw new Error(`no such insertion at ${offset}`);
    result += edited.slice(at, start);
    at = start + text.length;
    inserted += text.length;
  }
  return result + edited.slice(at);
}
