// What an edited text adds to and removes from the original, line by line (longest common subsequence of lines).

export interface LineDiff {
  added: number;
  removed: number;
}

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Above this many compared pairs the middle counts as replaced as a whole. */
const MOST_PAIRS = 1_000_000;

/** How many lines were added and removed. */
export function lineDiff(before: string, after: string): LineDiff {
  return countsOf(diffLines(before, after));
}

export function countsOf(lines: readonly DiffLine[]): LineDiff {
  const count = (kind: DiffLine['kind']) => lines.reduce((sum, line) => sum + (line.kind === kind ? 1 : 0), 0);
  return { added: count('added'), removed: count('removed') };
}

/** Every line of both texts in order; what was removed stands before what was added in its place. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const as = (kind: DiffLine['kind'], lines: string[]) => lines.map((text) => ({ kind, text }));
  return [
    ...as('same', a.slice(0, start)),
    ...diffMiddle(a.slice(start, endA), b.slice(start, endB)),
    ...as('same', a.slice(endA)),
  ];
}

function diffMiddle(a: string[], b: string[]): DiffLine[] {
  const width = b.length + 1;
  const isLarge = a.length * b.length > MOST_PAIRS;
  // common[i · width + j]: lines that a from i on and b from j on have in common, in order.
  const common = new Uint32Array(isLarge ? 0 : (a.length + 1) * width);
  if (!isLarge) {
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        const at = i * width + j;
        common[at] = a[i] === b[j] ? common[at + width + 1]! + 1 : Math.max(common[at + width]!, common[at + 1]!);
      }
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const at = i * width + j;
    if (!isLarge && i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      i += 1;
      j += 1;
    } else if (i < a.length && (isLarge || j >= b.length || common[at + width]! >= common[at + 1]!)) {
      lines.push({ kind: 'removed', text: a[i]! });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: b[j]! });
      j += 1;
    }
  }
  return lines;
}

/** A line of a difference by its place in it, or null where lines from there on were left out. */
export interface ShownLine {
  at: number;
  line: DiffLine | null;
}

/** The changed lines with `around` unchanged ones on either side. */
export function changedParts(lines: readonly DiffLine[], around: number): ShownLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, i) => {
    if (kind !== 'same') near.fill(1, Math.max(0, i - around), i + around + 1);
  });
  const parts: ShownLine[] = [];
  lines.forEach((line, at) => {
    if (near[at]) parts.push({ at, line });
    else if (parts.at(-1)?.line !== null) parts.push({ at, line: null });
  });
  return parts;
}

/** Longer lines take a browser long to lay out; nobody reads them. */
const LONGEST_SHOWN = 400;

/** A line as it is shown: one of a stranger's text may have any length. */
export function shownText(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text;
  return `${text.slice(0, LONGEST_SHOWN)} … (${text.length - LONGEST_SHOWN} more characters)`;
}
