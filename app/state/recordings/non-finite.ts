// NaN and ±∞ in a person's own tensors: allowed, since what a kernel makes of them is worth seeing, but never unsaid.

import type { Tensor } from '#gpu/core/tensor.ts';

/** One sentence naming the tensors of `file` that hold NaN or ±∞, with their counts and the first place; undefined without any. */
export function nonFiniteRemark(file: string, tensors: Readonly<Record<string, Tensor>>): string | undefined {
  const found = Object.entries(tensors).flatMap(([name, { data }]) => {
    let nan = 0;
    let infinite = 0;
    let first = -1;
    data.forEach((value, index) => {
      if (Number.isFinite(value)) return;
      if (Number.isNaN(value)) nan++;
      else infinite++;
      if (first < 0) first = index;
    });
    if (first < 0) return [];
    const counts = [nan > 0 && `${nan} NaN`, infinite > 0 && `${infinite} infinite`].filter(Boolean).join(' and ');
    return [`${counts} in ${name} (first at element ${first})`];
  });
  if (found.length === 0) return undefined;
  return `${file} holds numbers that are not finite: ${found.join('; ')}. What is computed from them is not finite either, or undefined: WGSL promises nothing about NaN and ∞.`;
}
