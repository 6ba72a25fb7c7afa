// Compares one output with its float64 reference. Pure; meant for the worker, since a reference of a thousand rows is long.

import type { ReferenceTensor, Tensor } from '#gpu/core/tensor.ts';
import type { ParityOutput } from '../../exhibit/results.ts';

const SMALLEST_DECADE = -9;
const DECADES = 9;

function histogramLabels(): string[] {
  const labels = ['0', `≤ 1e${SMALLEST_DECADE}`];
  for (let i = 1; i < DECADES; i++) labels.push(`≤ 1e${SMALLEST_DECADE + i}`);
  labels.push(`> 1e${SMALLEST_DECADE + DECADES - 1}`);
  return labels;
}

/** Histogram class of an absolute error: 0 for an exact hit, then decades from 1e-9 up, the last one open. */
function decadeOf(error: number): number {
  if (error === 0) return 0;
  const above = Math.ceil(Math.log10(error) - SMALLEST_DECADE - 1e-9);
  return 1 + Math.min(Math.max(above, 0), DECADES);
}

/**
 * Errors of `got` against `want` (same element order). `tolerance` is absolute.
 * A shape mismatch is not an error here but fails the comparison: missing elements count as non-finite mismatches.
 */
export function parityOf(name: string, got: Tensor, want: ReferenceTensor, tolerance: number): ParityOutput {
  const labels = histogramLabels();
  const counts = new Array<number>(labels.length).fill(0);
  let maxAbsError = 0;
  let maxAbsIndex = 0;
  let maxAbsReference = 0;
  let nonFiniteMismatches = Math.abs(got.data.length - want.data.length);
  let nonFiniteMatches = 0;
  const length = Math.min(got.data.length, want.data.length);
  for (let i = 0; i < length; i++) {
    const a = got.data[i]!;
    const b = want.data[i]!;
    if (!Number.isFinite(a) || !Number.isFinite(b)) {
      if (Object.is(a, b)) nonFiniteMatches += 1;
      else nonFiniteMismatches += 1;
      continue;
    }
    const error = Math.abs(a - b);
    counts[decadeOf(error)]! += 1;
    maxAbsReference = Math.max(maxAbsReference, Math.abs(b));
    if (error > maxAbsError) {
      maxAbsError = error;
      maxAbsIndex = i;
    }
  }
  return {
    name,
    elements: want.data.length,
    maxAbsError,
    maxAbsIndex,
    maxAbsReference,
    nonFiniteMismatches,
    nonFiniteMatches,
    tolerance,
    passes: nonFiniteMismatches === 0 && maxAbsError <= tolerance,
    histogram: labels.map((label, i) => ({ label, count: counts[i]! })),
  };
}
