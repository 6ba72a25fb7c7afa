// What the tests of flash-v2-tuned share: its forms, and a run against the golden cases.

import { expect } from 'vitest';
import type { Tensor } from '../../../core/tensor.ts';
import type { KernelForm } from '../../../plan/kernel-form.ts';
import type { Engine } from '../../../runtime/api.ts';
import { TUNED } from '../tuned-tiles.ts';
import { difference, goldenFamily, toExperiment, tolerance } from './golden.ts';

export const FORMS: KernelForm[] = ['gpu', 'software', 'software-quad'];

const FAMILIES: [string, number][] = [
  ['fa_dense', 7],
  ['fa_gqa', 3],
  ['fa_window', 3],
  ['fa_varlen', 4],
];

export async function runTuned(engine: Engine, config: object, inputs: Record<string, Tensor>) {
  return (await engine.run({ mechanism: 'attention', variant: TUNED, config }, { inputs })).outputs;
}

/**
 * Fails at the first golden case that is missed.
 *
 * @returns golden cases that passed
 */
export async function expectGoldens(engine: Engine, keys: object, families = FAMILIES): Promise<number> {
  let passed = 0;
  for (const [family, count] of families) {
    const cases = await goldenFamily(family);
    expect(cases.length).toBe(count);
    for (const golden of cases) {
      const { config, inputs } = toExperiment(golden);
      const outputs = await runTuned(engine, { ...config, ...keys }, inputs);
      for (const [name, expected] of Object.entries(golden.outputs)) {
        const { maxAbs, nonfinite } = difference(outputs[name]!.data, expected.data);
        const label = `${golden.id} ${JSON.stringify(keys)} ${name}`;
        expect(nonfinite, label).toBe(0);
        expect(maxAbs, label).toBeLessThanOrEqual(tolerance(expected));
      }
      passed++;
    }
  }
  return passed;
}
