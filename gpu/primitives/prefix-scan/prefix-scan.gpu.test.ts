import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tuneCombinations } from '../../plan/kernel-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { prefixScan } from './prefix-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine?.dispose());

// A sum of n normal numbers is about √n, and n roundings of numbers that size leave about n · 2⁻²⁴ · √n at worst.
const bound = (length: number) => 2e-7 * length * Math.sqrt(length) + 1e-6;

describe.each(['sequential', 'chunked', 'tuned'])('%s', (variant) => {
  test('running sums equal the float64 ones, whatever the size', async () => {
    for (const length of [1, 7, 8, 9, 100]) {
      for (const channels of [1, 31, 32, 33]) {
        const error = await largestError(engine, prefixScan, { length, channels }, undefined, variant);
        expect(error, `${length} × ${channels}`).toBeLessThan(bound(length));
      }
    }
    const error = await largestError(engine, prefixScan, { length: 1024, channels: 64 }, undefined, variant);
    expect(error).toBeLessThan(bound(1024));
  });
});

test.each(['sequential', 'chunked'] as const)(
  'every constant of %s that autotune may pick is right',
  async (variant) => {
    for (const tuning of tuneCombinations(prefixScan.variants.find(({ id }) => id === variant)!.kernels[0]!.wgsl)) {
      const config = { length: 53, channels: 37, tuning };
      const fits = prefixScan.variants
        .find(({ id }) => id === variant)!
        .supports(prefixScan.resolve(config), engine.adapter.limits);
      if (fits !== true) continue;
      expect(await largestError(engine, prefixScan, config, undefined, variant), JSON.stringify(tuning)).toBeLessThan(
        bound(53),
      );
    }
  },
);
