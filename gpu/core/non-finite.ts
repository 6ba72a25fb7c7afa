// NaN and ±∞ in given tensors: allowed, since what a kernel makes of them is worth seeing, but never unsaid.

import type { Tensor } from './tensor.ts';

/** One sentence for each float tensor that holds NaN or ±∞, with the first place of it (index into the row-major data). */
export function nonFiniteWarnings(tensors: Readonly<Record<string, Tensor>>): string[] {
  const warnings: string[] = [];
  for (const [name, { data }] of Object.entries(tensors)) {
    if (!(data instanceof Float32Array)) continue;
    const first = data.findIndex((value) => !Number.isFinite(value));
    if (first < 0) continue;
    warnings.push(
      `${name} holds ${data[first]} at index ${first}: WGSL promises nothing about numbers that are not finite`,
    );
  }
  return warnings;
}
