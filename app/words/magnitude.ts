// How large numbers are: the end of a scale, and how far they lie apart.

/** Largest finite magnitude; 0 without one. */
export function mostOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** Largest, smallest and mean of counts; 0 of none. */
export function spreadOf(counts: Float32Array): { most: number; least: number; mean: number } {
  if (counts.length === 0) return { most: 0, least: 0, mean: 0 };
  let [most, least, sum] = [0, Number.POSITIVE_INFINITY, 0];
  for (const count of counts) {
    most = Math.max(most, count);
    least = Math.min(least, count);
    sum += count;
  }
  return { most, least, mean: sum / counts.length };
}
