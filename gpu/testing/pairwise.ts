// Test code: of all combinations of a kernel's constants the few that show every two values together.

type Combination = Readonly<Record<string, unknown>>;

/** Pairs of values, and the values themselves where there is one constant only. */
function shows(combination: Combination): string[] {
  const values = Object.entries(combination).map(([name, value]) => `${name} = ${String(value)}`);
  if (values.length === 1) return values;
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one}, ${other}`));
}

/**
 * Every kernel takes time to compile, and a mistake in an index comes from one constant or two: each combination that is picked shows the
 * most pairs that none before it did, the first of them where several do.
 */
export function pairwise<T extends Combination>(combinations: readonly T[]): T[] {
  const left = new Set(combinations.flatMap(shows));
  const picked: T[] = [];
  const news = (each: T) => shows(each).filter((pair) => left.has(pair)).length;
  while (left.size > 0) {
    const next = combinations.reduce((best, each) => (news(each) > news(best) ? each : best));
    for (const pair of shows(next)) left.delete(pair);
    picked.push(next);
  }
  return picked;
}
