// How often a piece of code ran, as a linear combination of counters. Only branches and loop bodies get a counter in the
// shader; everything else follows: after an `if`, as often as before it minus the early exits inside, and so on.

import type { CountData } from '../text/recorder-contract.ts';

/** Counter → coefficient. Negative keys stand for function instances, whose calls are summed on the host. */
export type Count = ReadonlyMap<number, number>;

export const NEVER: Count = new Map();

export function counted(counter: number): Count {
  return new Map([[counter, 1]]);
}

export function plus(a: Count, b: Count): Count {
  return combine(a, b, 1);
}

export function minus(a: Count, b: Count): Count {
  return combine(a, b, -1);
}

function combine(a: Count, b: Count, sign: number): Count {
  const sum = new Map(a);
  for (const [counter, coefficient] of b) {
    const total = (sum.get(counter) ?? 0) + sign * coefficient;
    if (total === 0) sum.delete(counter);
    else sum.set(counter, total);
  }
  return sum;
}

/** Plain data in a canonical order, with counters renumbered through `rename`. */
export function countData(count: Count, rename: (counter: number) => number = (counter) => counter): CountData {
  return [...count]
    .map(([counter, coefficient]): [number, number] => [rename(counter), coefficient])
    .sort((a, b) => a[0] - b[0]);
}
