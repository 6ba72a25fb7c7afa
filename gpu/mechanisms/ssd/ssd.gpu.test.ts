import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { ssd } from './ssd.ts';

const VARIANTS = ['chunked', 'quadratic'];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('softplus keeps the digits of small steps', async () => {
  const raw = {
    form: 'combined',
    batch: 1,
    seqlen: 20,
    heads: 2,
    groups: 1,
    headDim: 5,
    dstate: 3,
    chunk: 8,
    dtSoftplus: true,
  };
  const bare = { ...raw, hasD: false, hasZ: false, hasDtBias: false, hasInitialStates: false };
  for (const dt of [-4, -7, -12, -18]) {
    const inputs = ssd.makeInputs(ssd.resolve(bare), 3);
    inputs.dt!.data.fill(dt);
    for (const variant of VARIANTS) {
      expect(await relativeError(engine, ssd, variant, bare, inputs), `${variant} ${dt}`).toBeLessThan(2e-6);
    }
  }
});

test('every chunk size gives the same result, down to one step and up to the whole sequence', async () => {
  for (const chunk of [1, 8, 16, 32, 63, 64, 65, 100, 999]) {
    const raw = { batch: 1, seqlen: 100, heads: 2, headDim: 8, dstate: 8, chunk, hasInitialStates: true };
    expect(await relativeError(engine, ssd, 'chunked', raw), `chunk ${chunk}`).toBeLessThan(2e-6);
  }
});
