import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { tuneCombinations } from '../../plan/kernel-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { softmax } from './softmax.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine?.dispose());

const WIDTHS = { shared: [1, 13, 63, 64, 65, 1000], 'per-row': [4, 64, 68, 1000], tuned: [1, 64, 66] };

describe.each(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])('%s', (variant) => {
  test('shares equal the float64 ones, whatever the size', async () => {
    for (const width of WIDTHS[variant]) {
      for (const rows of [1, 17]) {
        const error = await largestError(engine, softmax, { rows, width }, undefined, variant);
        expect(error, `${rows} × ${width}`).toBeLessThan(1e-6);
      }
    }
  });

  test('large and equal elements neither overflow nor divide by zero', async () => {
    const rows = [
      [1e4, 1e4 - 1, -1e4, 0],
      [-3e38, -3e38, -3e38, -3e38],
      [88, 89, 3e38, 3e38],
    ];
    const x = tensor('f32', [3, 4], rows.flat());
    expect(await largestError(engine, softmax, {}, { x }, variant)).toBeLessThan(1e-6);
  });
});

test.each(['shared', 'per-row'] as const)('every constant of %s that autotune may pick is right', async (variant) => {
  for (const tuning of tuneCombinations(softmax.variants.find(({ id }) => id === variant)!.kernels[0]!.wgsl)) {
    const error = await largestError(engine, softmax, { rows: 37, width: 52, tuning }, undefined, variant);
    expect(error, JSON.stringify(tuning)).toBeLessThan(1e-6);
  }
});
