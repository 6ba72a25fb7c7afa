// The rows of a level of memory: those of all runs drawn side by side, so that one tensor stands on one row in each and no length depends
// on which run a picture is of.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface MemoryBar {
  /** Index into `trace.buffers`. */
  buffer: number;
  name: string;
  letter: string;
  ink: Ink;
  pattern: Pattern | null;
  title: string;
  sizeBytes: number;
  readBytes: number;
  writtenBytes: number;
  readInAll: number;
  writtenInAll: number;
  /** Index into the rows of its level. */
  row: number;
}

export type MemoryRow = Pick<MemoryBar, 'name' | 'letter' | 'title' | 'ink' | 'pattern'> & {
  /** Whether any run both reads and writes what stands there. */
  bothWays: boolean;
};

export interface SharedRows {
  bars: MemoryBar[];
  rows: MemoryRow[];
  /** Bytes of the longest bar of all runs. */
  longest: number;
}

/** A bar before it has a row. */
type Loose = Omit<MemoryBar, 'row'>;

/** What a row is of; a kernel may have several arrays of one tensor. */
function signsOf(bars: readonly Loose[]): { sign: string; bar: Loose }[] {
  const seen = new Map<string, number>();
  return bars.map((bar) => {
    const what = `${bar.letter} ${bar.title}`;
    const before = seen.get(what) ?? 0;
    seen.set(what, before + 1);
    return { sign: `${what} ${before}`, bar };
  });
}

/**
 * @param own the bars of the run on the picture
 * @param sides those of all runs side by side, this one's among them, in their order: the same in each picture
 * @param inOrder puts rows of several runs in one order
 */
export function sharedRows(
  own: readonly Loose[],
  sides: readonly (readonly Loose[])[],
  inOrder: (rows: MemoryRow[]) => MemoryRow[],
): SharedRows {
  const bySign = new Map<string, MemoryRow>();
  let longest = 1;
  for (const { sign, bar } of sides.flatMap(signsOf)) {
    const { name, letter, title, ink, pattern, readInAll, writtenInAll } = bar;
    const row = bySign.get(sign) ?? { name, letter, title, ink, pattern, bothWays: false };
    bySign.set(sign, row);
    row.bothWays ||= readInAll > 0 && writtenInAll > 0;
    longest = Math.max(longest, readInAll, writtenInAll);
  }
  const rows = inOrder([...bySign.values()]);
  return {
    bars: signsOf(own).map(({ sign, bar }) => ({ ...bar, row: rows.indexOf(bySign.get(sign)!) })),
    rows,
    longest,
  };
}
