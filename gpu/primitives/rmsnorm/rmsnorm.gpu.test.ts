import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { engineOf } from '../../define/testing/holds.ts';
import type { Engine, Run } from '../../runtime/api.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { rmsnorm } from './rmsnorm.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(rmsnorm);
});
afterAll(() => engine.dispose());

test('rows of 1, a prime, lanes − 1, lanes, lanes + 1 and many elements equal the float64 reference', async () => {
  for (const width of [1, 13, 63, 64, 65, 1000]) {
    for (const rows of [1, 7]) {
      const error = await largestError(engine, rmsnorm, { rows, width, epsilon: 1e-3 });
      expect(error, `${rows} × ${width}`).toBeLessThan(1e-5);
    }
  }
  for (const LANES of [16, 32, 128, 256])
    expect(await largestError(engine, rmsnorm, { rows: 3, width: 101, tuning: { LANES } })).toBeLessThan(1e-5);
});

test('a lane per row gives the same, at rows around its workgroup', async () => {
  for (const rows of [1, 15, 16, 17])
    for (const variant of ['per-row', 'tuned'])
      expect(await largestError(engine, rmsnorm, { rows, width: 68 }, undefined, variant)).toBeLessThan(1e-5);
  expect(await largestError(engine, rmsnorm, { rows: 3, width: 7 }, undefined, 'tuned')).toBeLessThan(1e-5);
});

test.each([
  ['shared', 7],
  ['per-row', 8],
])('%s: zeros stay zeros, and a row a thousand times smaller comes out alike', async (variant, width) => {
  const first = Array.from({ length: width }, (_, i) => i - 2.5);
  const x = tensor('f32', [3, width], [...first.map(() => 0), ...first, ...first.map((value) => value / 1024)]);
  const weight = tensor('f32', [width], new Array(width).fill(2));
  const { outputs } = await engine.run(
    { mechanism: 'rmsnorm', variant, config: { epsilon: 1e-12 } },
    { inputs: { x, weight } },
  );
  const [zeros, large, small] = [0, 1, 2].map((r) => [...outputs.out!.data.subarray(r * width, (r + 1) * width)]);
  expect(zeros!.every((value) => value === 0)).toBe(true);
  for (const [i, value] of large!.entries()) expect(small![i]).toBeCloseTo(value, 5);
});

const config = { rows: 5, width: 24 };

test.each([
  [
    'shared',
    'a column that is not summed',
    'var i = lane; i < WIDTH; i += LANES) {\n    let',
    'var i = lane + 1u; i < WIDTH; i += LANES) {\n    let',
  ],
  [
    'per-row',
    'the first columns in place of the others',
    '//: load-row\n    let four = x[start + i];',
    '//: load-row\n    let four = x[start];',
  ],
])('%s: %s changes the result', async (variant, _, from, to) => {
  const { file, wgsl } = rmsnorm.variants.find(({ id }) => id === variant)!.kernels[0]!;
  const faulty = wgsl.replace(from, to);
  expect(faulty).not.toBe(wgsl);
  const out = async (sources: Record<string, string>) => {
    const run: Run = await engine.run({ mechanism: 'rmsnorm', variant, config, sources });
    return run.outputs.out!.data;
  };
  expect(await out({ [file]: faulty })).not.toEqual(await out({}));
});
