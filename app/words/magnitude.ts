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

/** What was rounded at its last digits is not beyond an end. */
const CLOSE = 1 + 1e-4;

/** The least of …, 0.5, 1, 2, 5, 10, … that a magnitude does not go beyond: an end of a scale that can be read, and that runs have in common. */
export function roundEnd(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const share = [1, 2, 5].find((step) => most <= step * power * CLOSE) ?? 10;
  return Number((share * power).toPrecision(1));
}

/** Whether a scale that ends there holds it. */
export const isWithin = (most: number, end: number) => most <= end * CLOSE;

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
