// Every golden case, on every variant that takes it, by the golden set's own tolerance rule.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../index.ts';
import type { Engine } from '../../runtime/api.ts';
import { difference, goldenFamily, toExperiment, tolerance } from './testing/golden.ts';

const runs: [family: string, cases: number, variants: string[]][] = [
  ['fa_dense', 7, ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse']],
  ['fa_gqa', 3, ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse']],
  ['fa_window', 3, ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse']],
  ['fa_varlen', 4, ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse']],
  ['fa_blocksparse', 2, ['flash-v2-block-sparse']],
];

let engine: Engine;
let passed = 0;

beforeAll(async () => {
  engine = await openEngine();
});

afterAll(() => {
  engine?.dispose();
});

for (const [family, count, variants] of runs) {
  for (const variant of variants) {
    test(`${variant} equals the golden outputs of ${family}`, async () => {
      const cases = await goldenFamily(family);
      expect(cases.length).toBe(count);
      for (const golden of cases) {
        const { config, inputs } = toExperiment(golden);
        const run = await engine.run({ mechanism: 'attention', variant, config }, { inputs });
        for (const [name, expected] of Object.entries(golden.outputs)) {
          const { maxAbs, nonfinite } = difference(run.outputs[name]!.data, expected.data);
          const label = `${golden.id} ${variant} ${name}`;
          expect(run.outputs[name]!.shape, label).toEqual(expected.shape);
          expect(nonfinite, `${label}: non-finite mismatches`).toBe(0);
          expect(maxAbs, label).toBeLessThanOrEqual(tolerance(expected));
        }
        passed++;
      }
    });
  }
}

test('no golden case was skipped', () => {
  console.log(`golden: ${passed} cases × variants passed`);
  expect(passed).toBe(70);
});
