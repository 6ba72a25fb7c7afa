import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { matmul } from './matmul.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

// Sums of k products of standard normal numbers: float32 rounding grows like √k · 2⁻²⁴ · |sum|, |sum| ~ √k.
const bound = (k: number) => 1e-6 * Math.max(4, k);

test('c equals the float64 product at sizes 1, a prime, tile − 1, tile, tile + 1', async () => {
  const rows = [1, 13, 63, 64, 65];
  const others = [1, 13, 15, 16, 17];
  for (const [i, m] of rows.entries()) {
    for (const k of others) {
      for (const n of [others[i]!, others[(i + 2) % others.length]!]) {
        const config = { m, k, n, bias: (m + k + n) % 2 === 0 };
        expect(await largestError(engine, matmul, config), JSON.stringify(config)).toBeLessThan(bound(k));
      }
    }
  }
});

test('every tile size gives the same product', async () => {
  for (const tile of [4, 8, 16]) {
    for (const rowsPerLane of [1, 2, 4, 8]) {
      const config = { m: 37, k: 29, n: 41, bias: true, tile, rowsPerLane };
      expect(await largestError(engine, matmul, config), JSON.stringify(config)).toBeLessThan(bound(29));
    }
  }
});

test('a large product: 512 × 256 times 256 × 256', async () => {
  expect(await largestError(engine, matmul, { m: 512, k: 256, n: 256, bias: true })).toBeLessThan(bound(256));
});
