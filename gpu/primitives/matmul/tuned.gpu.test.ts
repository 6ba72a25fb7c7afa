// The variant `tuned`: every form against float64, and the constants that autotune may pick.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tuneCombinations } from '../../plan/kernel-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { pairwise } from '../../testing/pairwise.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { matmul } from './matmul.ts';

const TUNED = 'tuned';
/** Kernels by form: `matmul-tuned-gpu.wgsl` is that of the form gpu. */
const forms = matmul.variants
  .find(({ id }) => id === TUNED)!
  .kernels.map(({ file, wgsl }) => ({ form: file.slice('matmul-tuned-'.length, -'.wgsl'.length), file, wgsl }));

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine?.dispose());

// Sums of k products of standard normal numbers: float32 rounding grows like √k · 2⁻²⁴ · |sum|, |sum| ~ √k.
const bound = (k: number) => 1e-6 * Math.max(4, k);

describe.each(forms)('$form', ({ form, file, wgsl }) => {
  const error = (config: object) => largestError(engine, matmul, { ...config, form }, undefined, TUNED);

  test('c equals the float64 product, whatever the edges', async () => {
    for (const m of [1, 13, 63, 64, 65]) {
      for (const [k, n] of [
        [4, 4],
        [12, 60],
        [64, 64],
        [68, 20],
      ] as const) {
        const config = { m, k, n, bias: (m + k) % 2 === 0 };
        expect(await error(config), JSON.stringify(config)).toBeLessThan(bound(k));
      }
    }
    expect(await error({ m: 256, k: 256, n: 256, bias: true })).toBeLessThan(bound(256));
  });

  test('any two constants that autotune may pick together give the same product', async () => {
    const combinations = pairwise(tuneCombinations(wgsl));
    expect(combinations.length).toBeGreaterThanOrEqual(4);
    for (const tuning of combinations) {
      expect(await error({ m: 70, k: 36, n: 72, bias: true, tuning }), JSON.stringify(tuning)).toBeLessThan(bound(36));
    }
  });

  test('runs under the loop guard and the recorder once it is edited', async () => {
    const sources = { [file]: `${wgsl}\n// mine\n` };
    // The smallest constants, which compile fastest.
    const [tuning] = tuneCombinations(wgsl);
    const experiment = { mechanism: 'matmul', variant: TUNED, config: { m: 20, k: 24, n: 12, form, tuning } };
    const shipped = await engine.run(experiment);
    const edited = await engine.run({ ...experiment, sources }, { trace: true });
    expect(edited.trace!.matchesPlain).toBe(true);
    expect(edited.outputs).toEqual(shipped.outputs);
  });
});
