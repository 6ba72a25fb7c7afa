// Test code: how far a variant on the GPU is from the float64 reference of its mechanism.

import { expect } from 'vitest';
import type { ReferenceTensor, Tensor } from '../core/tensor.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import type { Engine } from '../runtime/api.ts';

/**
 * Largest |gpu − float64| over all outputs, each relative to its own largest magnitude. Fails on a missing or unexpected output,
 * another shape, and a word left as poison.
 */
export async function relativeError(
  engine: Engine,
  mechanism: Mechanism,
  variant: string,
  raw: object,
  inputs?: Record<string, Tensor>,
): Promise<number> {
  const config = mechanism.resolve(raw, inputs);
  const given = inputs ?? mechanism.makeInputs(config, 1);
  const { outputs } = await engine.run({ mechanism: mechanism.id, variant, config: raw }, { inputs: given });
  return relativeDistance(`${variant} ${JSON.stringify(raw)}`, outputs, mechanism.reference(config, given));
}

/** Largest |found − expected| over all tensors, each relative to its own largest magnitude; fails as relativeError does. */
export function relativeDistance(
  label: string,
  outputs: Record<string, Tensor>,
  expected: Record<string, ReferenceTensor>,
): number {
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(expected).sort());
  let largest = 0;
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(outputs[name]!.shape, `${label}: ${name}`).toEqual(shape);
    const scale = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    for (let i = 0; i < data.length; i++) {
      const error = Math.abs(outputs[name]!.data[i]! - data[i]!) / scale;
      if (Number.isNaN(error)) expect.fail(`${label}: ${name}[${i}] is not a number`);
      largest = Math.max(largest, error);
    }
  }
  return largest;
}
