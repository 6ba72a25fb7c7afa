// What the recorder counted, against the closed forms.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { expectRecordedTotals } from '../../testing/recorded-totals.ts';
import { ssd } from './index.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

for (const variant of ['chunked', 'quadratic']) {
  test(`${variant}: every buffer’s loads and stores equal the closed form`, async () => {
    const minimal = { heads: 2, headDim: 5, dstate: 3 };
    const combined = { ...minimal, form: 'combined', heads: 4, groups: 2 };
    for (const raw of [
      { ...minimal, batch: 2, seqlen: 21, chunk: 8 },
      { ...minimal, batch: 1, seqlen: 1, chunk: 8 },
      { ...minimal, batch: 1, seqlen: 9, chunk: 50, hasInitialStates: true },
      { ...combined, batch: 1, seqlen: 45, chunk: 10 },
      { ...combined, batch: 2, seqlen: 11, chunk: 3 },
    ]) {
      await expectRecordedTotals(engine, ssd, raw, variant);
      await expectRecordedTotals(engine, ssd, { ...raw, decaySum: 'running' }, variant);
    }
  });
}

test('pairs grow with the square of the length in the quadratic form, and linearly in chunks', async () => {
  const base = { batch: 1, heads: 1, headDim: 5, dstate: 3, chunk: 8 };
  const pairs = async (variant: string, seqlen: number) =>
    (await expectRecordedTotals(engine, ssd, { ...base, seqlen }, variant)).events.pair!;
  expect([await pairs('quadratic', 16), await pairs('quadratic', 32)]).toEqual([136, 528]);
  expect([await pairs('chunked', 16), await pairs('chunked', 32)]).toEqual([72, 144]);
});
