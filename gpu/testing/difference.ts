// Test code: how far two lists of numbers are apart.

/** Largest finite error, and the number of places where one is finite and the other is not, or NaN. */
export function difference(candidate: ArrayLike<number>, expected: ArrayLike<number>) {
  let [maxAbs, nonfinite] = [0, candidate.length === expected.length ? 0 : Number.POSITIVE_INFINITY];
  for (let index = 0; index < expected.length; index++) {
    const [value, wanted] = [candidate[index]!, expected[index]!];
    if (!Number.isFinite(wanted) || !Number.isFinite(value)) {
      if (!Object.is(value, wanted)) nonfinite++;
      continue;
    }
    maxAbs = Math.max(maxAbs, Math.abs(value - wanted));
  }
  return { maxAbs, nonfinite };
}
