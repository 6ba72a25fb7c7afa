import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { sequentialScan } from './sequential-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('one and four channels an invocation agree with float64 around the edges of a block', async () => {
  for (const variant of ['sequential', 'sequential-x4']) {
    for (const dim of [1, 3, 4, 5, 15, 16, 17, 33]) {
      const raw = { batch: 1, dim, dstate: 5, seqlen: 37, channels: 16, time: 16 };
      expect(await relativeError(engine, sequentialScan, variant, raw), `${variant} ${dim}`).toBeLessThan(2e-6);
    }
  }
});

test('every tile size gives the same result', async () => {
  for (const channels of [4, 8, 16, 32, 64]) {
    for (const time of [8, 32]) {
      const raw = { batch: 1, dim: 20, dstate: 6, seqlen: 50, channels, time };
      expect(await relativeError(engine, sequentialScan, 'sequential', raw)).toBeLessThan(2e-6);
    }
  }
});
