// Insertions into a source text. Nothing is ever removed or moved, so taking the insertions out again gives the source back.

import type { Edit } from './recorder-contract.ts';

type Text = string | (() => string);

/** Insertions whose text may be decided later. Those at one offset keep the order in which they were added. */
export class EditList {
  private readonly drafts: { offset: number; text: Text }[] = [];

  add(offset: number, text: Text): void {
    this.drafts.push({ offset, text });
  }

  /** The insertions by offset, empty ones left out. */
  resolve(): Edit[] {
    return this.drafts
      .map(({ offset, text }) => ({ offset, text: typeof text === 'string' ? text : text() }))
      .filter((edit) => edit.text !== '')
      .sort((a, b) => a.offset - b.offset);
  }
}

/** `source` with `edits` (ascending) inserted. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { offset, text } of edits) {
    result += source.slice(at, offset) + text;
    at = offset;
  }
  return result + source.slice(at);
}
