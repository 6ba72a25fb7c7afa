import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { embedding } from './embedding.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('rows of the table come out, scaled, at sizes 1, a prime, lanes − 1, lanes, lanes + 1', async () => {
  for (const width of [1, 13, 63, 64, 65, 129]) {
    for (const n of [1, 11]) {
      const config = { n, rows: 17, width, timing: false, scale: 2 };
      // A product with 2 is exact.
      expect(await largestError(engine, embedding, config), JSON.stringify(config)).toBe(0);
    }
  }
});

test('the timing signal equals the float64 one up to the rounding of the angle', async () => {
  for (const [n, width, firstPosition] of [
    [1, 2, 0],
    [65, 26, 0],
    [40, 256, 470],
    [9, 130, 8183],
  ] as const) {
    const config = { n, rows: 5, width, timing: true, scale: 2, firstPosition };
    const last = firstPosition + n - 1;
    expect(await largestError(engine, embedding, config), JSON.stringify(config)).toBeLessThan(2e-6 + last * 6e-8);
  }
});

test('the signal alone is exact to 1e-6 where the angle needs no rounding', async () => {
  const n = 2048;
  const ids = tensor('i32', [n], new Int32Array(n));
  const table = tensor('f32', [1, 4], [0, 0, 0, 0]);
  // Rates 1 and 1/4: position × rate is exact, so that only the sine itself can be wrong.
  const rates = tensor('f32', [2], [1, 0.25]);
  expect(await largestError(engine, embedding, {}, { ids, table, rates })).toBeLessThan(1e-6);
});

test('every number of lanes gives the same rows', async () => {
  for (const lanes of [32, 64, 128, 256]) {
    const config = { n: 3, rows: 9, width: 70, timing: true, lanes };
    expect(await largestError(engine, embedding, config), `${lanes}`).toBeLessThan(2e-6);
  }
});
