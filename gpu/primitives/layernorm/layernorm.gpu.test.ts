import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { tuneCombinations } from '../../plan/kernel-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { layernorm } from './layernorm.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('rows of 1, a prime, lanes − 1, lanes, lanes + 1 and many elements equal the float64 reference', async () => {
  for (const width of [1, 2, 13, 63, 64, 65, 256, 1000]) {
    for (const rows of [1, 7]) {
      const error = await largestError(engine, layernorm, { rows, width, epsilon: 1e-3 });
      expect(error, `${rows} × ${width}`).toBeLessThan(1e-5);
    }
  }
});

test('every number of lanes gives the same rows', async () => {
  for (const lanes of [16, 32, 64, 128, 256]) {
    expect(await largestError(engine, layernorm, { rows: 3, width: 101, lanes }), `${lanes}`).toBeLessThan(1e-5);
  }
});

test('a large mean does not drown a small deviation', async () => {
  const width = 100;
  const x = tensor(
    'f32',
    [1, width],
    Array.from({ length: width }, (_, i) => 4096 + i / 8),
  );
  const scale = tensor('f32', [width], new Array(width).fill(1));
  const bias = tensor('f32', [width], new Array(width).fill(0));
  // E[x²] − mean² would lose everything here: 4096² needs 24 bits, the variance is 13.
  expect(await largestError(engine, layernorm, {}, { x, scale, bias })).toBeLessThan(1e-3);
});

test('a constant row gives the bias', async () => {
  const x = tensor('f32', [2, 65], new Array(130).fill(3.25));
  const scale = tensor('f32', [65], new Array(65).fill(2));
  const bias = tensor(
    'f32',
    [65],
    Float32Array.from({ length: 65 }, (_, i) => i),
  );
  const { outputs } = await engine.run(
    { mechanism: 'layernorm', variant: 'two-pass', config: {} },
    { inputs: { x, scale, bias } },
  );
  expect(Array.from(outputs.out!.data)).toEqual([...bias.data, ...bias.data]);
});

test('a lane per row gives the same', async () => {
  for (const width of [4, 64, 68, 1000]) {
    for (const rows of [1, 15, 16, 17]) {
      for (const variant of ['per-row', 'tuned']) {
        const error = await largestError(engine, layernorm, { rows, width, epsilon: 1e-3 }, undefined, variant);
        expect(error, `${variant} ${rows} × ${width}`).toBeLessThan(1e-5);
      }
    }
  }
  expect(await largestError(engine, layernorm, { rows: 3, width: 7 }, undefined, 'tuned')).toBeLessThan(1e-5);
  for (const tuning of tuneCombinations(layernorm.variants[1]!.kernels[0]!.wgsl)) {
    const error = await largestError(engine, layernorm, { rows: 37, width: 12, tuning }, undefined, 'per-row');
    expect(error, JSON.stringify(tuning)).toBeLessThan(1e-5);
  }
});
