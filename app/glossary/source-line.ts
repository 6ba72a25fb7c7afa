// The line that a term is about, in the text of the recording on screen, edited or not: a link never points beside what it names.

import type { Recording } from '../exhibit/recording.ts';
import type { TermEntry } from '../exhibit/terms.ts';

/** Longer lines, which an edited kernel may have, are not looked at: what a term's pattern costs grows faster than the line. */
const LONGEST_LINE = 400;

/** The kernel and the 1-based line, among the recording's kernels; null where none of them has it. */
export function sourceLine(
  { source }: Pick<TermEntry, 'source'>,
  recording: Pick<Recording, 'kernels'> | null,
): { kernel: string; line: number } | null {
  if (!source) return null;
  for (const { file, wgsl } of recording?.kernels ?? []) {
    const at = wgsl
      .split('\n')
      .findIndex((text) => text.length <= LONGEST_LINE && !/^\s*\/\/[^:]/.test(text) && source.test(text));
    if (at >= 0) return { kernel: file, line: at + 1 };
  }
  return null;
}
