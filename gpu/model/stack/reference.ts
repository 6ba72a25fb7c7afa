// A stack by the definitions of its parts, in float64: the whole sequence at once, without caches.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import { partsOf, type Stack } from './config.ts';
import { OUTPUT } from './plan.ts';

/** The rows after every part, and what the last one reads. */
export function forward(stack: Stack, inputs: Readonly<Record<string, Tensor>>, tokens: ArrayLike<number>) {
  const rows: Record<string, Float64Array> = {};
  let x: ArrayLike<number> = tokens;
  for (const { place, kind, keys } of partsOf(stack)) {
    const own = Object.entries(inputs).filter(([name]) => name.startsWith(`${place}.`));
    const weights = Object.fromEntries(own.map(([name, { data }]) => [name.slice(place.length + 1), data]));
    rows[place] = kind.reference(keys, stack.size, weights, x);
    x = rows[place];
  }
  return rows;
}

export function reference(
  stack: Stack,
  inputs: Readonly<Record<string, Tensor>>,
  tokens: ArrayLike<number>,
): Record<string, ReferenceTensor> {
  const data = forward(stack, inputs, tokens).readout!;
  const { classes } = stack.readout.keys as { classes: number };
  return { [OUTPUT]: { shape: [data.length / classes, classes], data } };
}
