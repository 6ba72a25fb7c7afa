// A stack by the definitions of its parts, in float64: the whole sequence at once, without caches.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { Weights64 } from '../part.ts';
import { partsOf, type Stack } from './config.ts';
import { OUTPUT, outputsOf } from './plan.ts';

/** Those of one part, by its own names. */
function weightsWithin(inputs: Readonly<Record<string, Tensor>>, place: string): Weights64 {
  const own = Object.entries(inputs).filter(([name]) => name.startsWith(`${place}.`));
  return Object.fromEntries(own.map(([name, { data }]) => [name.slice(place.length + 1), data]));
}

/** The rows after every part, and what the last one reads. */
export function forward(stack: Stack, inputs: Readonly<Record<string, Tensor>>, tokens: ArrayLike<number>) {
  const rows: Record<string, Float64Array> = {};
  let x: ArrayLike<number> = tokens;
  for (const { place, kind, keys } of partsOf(stack)) {
    rows[place] = kind.reference(keys, stack.size, weightsWithin(inputs, place), x);
    x = rows[place];
  }
  return rows;
}

export function reference(
  stack: Stack,
  inputs: Readonly<Record<string, Tensor>>,
  tokens: ArrayLike<number>,
): Record<string, ReferenceTensor> {
  const rows = forward(stack, inputs, tokens);
  const data = rows.readout!;
  const { classes } = stack.readout.keys as { classes: number };
  const before = rows[partsOf(stack).at(-2)!.place]!;
  const weights = weightsWithin(inputs, stack.readout.place);
  const besides = Object.entries(outputsOf(stack)).map(([name, { reference: made, shape, ofTokens }]) => {
    const found = made(weights, before);
    return [name, { shape: ofTokens ? [found.length, ...shape.slice(1)] : [...shape], data: found }] as const;
  });
  return { [OUTPUT]: { shape: [data.length / classes, classes], data }, ...Object.fromEntries(besides) };
}
