// How many lines an edited text adds to and removes from the original (longest common subsequence of lines).

export interface LineDiff {
  added: number;
  removed: number;
}

/** Above this many compared pairs the middle counts as replaced as a whole. */
const MOST_PAIRS = 4_000_000;

export function lineDiff(before: string, after: string): LineDiff {
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
  const rows = endA - start;
  const columns = endB - start;
  if (rows * columns > MOST_PAIRS) return { added: columns, removed: rows };
  let previous = new Uint32Array(columns + 1);
  for (let i = 0; i < rows; i++) {
    const current = new Uint32Array(columns + 1);
    for (let j = 0; j < columns; j++) {
      current[j + 1] = a[start + i] === b[start + j] ? previous[j]! + 1 : Math.max(previous[j + 1]!, current[j]!);
    }
    previous = current;
  }
  const common = previous[columns]!;
  return { added: columns - common, removed: rows - common };
}
