// Whether a traced run gave what the plain run gave.

import type { Tensor } from '../../core/tensor.ts';

export interface Comparison {
  /** Bit for bit. */
  matches: boolean;
  /** Largest absolute difference; ∞ where a value is not finite on one side only. 0 when all match. */
  largestDifference: number;
}

/** Compares tensors of the same names and shapes. */
export function compareOutputs(
  plain: Readonly<Record<string, Tensor>>,
  traced: Readonly<Record<string, Tensor>>,
): Comparison {
  let matches = true;
  let largestDifference = 0;
  for (const [name, { data }] of Object.entries(plain)) {
    const other = traced[name]!.data;
    if (sameWords(wordsOf(data), wordsOf(other))) continue;
    matches = false;
    for (let index = 0; index < data.length; index++) {
      const difference = Math.abs(data[index]! - other[index]!);
      if (Object.is(data[index], other[index]) || difference <= largestDifference) continue;
      largestDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }
  }
  return { matches, largestDifference };
}

export function sameWords(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

function wordsOf({ buffer, byteOffset, byteLength }: Tensor['data']): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
