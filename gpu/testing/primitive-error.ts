// Test code: runs a primitive on the GPU and compares every output with its float64 reference.

import { expect } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import type { Engine } from '../runtime/api.ts';

/** Largest |gpu − reference| over all outputs; fails on a missing output, another shape, or a word left as poison. */
export async function largestError(
  engine: Engine,
  mechanism: Mechanism,
  raw: object,
  given?: Record<string, Tensor>,
  variant = mechanism.variants[0]!.id,
): Promise<number> {
  const config = mechanism.resolve(raw, given);
  const inputs = { ...mechanism.makeInputs(config, 1), ...given };
  const { outputs } = await engine.run({ mechanism: mechanism.id, variant, config: raw }, { inputs });
  let largest = 0;
  for (const [name, expected] of Object.entries(mechanism.reference(config, inputs))) {
    const found = outputs[name];
    expect(found?.shape, name).toEqual(expected.shape);
    expect(found!.data.length).toBe(expected.data.length);
    for (const [i, value] of expected.data.entries()) {
      const error = Math.abs(found!.data[i]! - value);
      if (Number.isNaN(error)) expect.fail(`${name}[${i}] of ${JSON.stringify(raw)} is not a number`);
      largest = Math.max(largest, error);
    }
  }
  return largest;
}
