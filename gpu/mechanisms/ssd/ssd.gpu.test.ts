import * as fc from 'fast-check';
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

/** What kernels are compiled for: every width and flag that was drawn before, in four sets, so that lengths and chunks are what varies. */
const COMPILED = [
  { form: 'minimal', headDim: 1, dstate: 32, hasInitialStates: false },
  { form: 'minimal', headDim: 16, dstate: 3, hasInitialStates: true },
  { form: 'combined', headDim: 5, dstate: 8, hasInitialStates: true, hasD: true, hasZ: true, hasDtBias: true },
  { form: 'combined', headDim: 8, dstate: 1, hasInitialStates: false, hasD: false, hasZ: false, hasDtBias: false },
];
const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  seqlen: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 7, 8, 9, 63, 64, 65)),
  groups: fc.integer({ min: 1, max: 2 }),
  perGroup: fc.integer({ min: 1, max: 2 }),
  chunk: fc.constantFrom(1, 5, 16, 64, 100, 1000),
});

test('both variants and both sums equal the float64 recurrence over long sequences, chunks, groups and flags', async () => {
  let runs = 0;
  for (const [i, { groups, perGroup, ...rest }] of fc.sample(sizes, { seed: 11, numRuns: 24 }).entries()) {
    const compiled = COMPILED[i % COMPILED.length]!;
    const raw = { ...rest, ...compiled, heads: groups * perGroup, ...(compiled.form === 'combined' && { groups }) };
    for (const variant of VARIANTS) {
      const where = `${variant} ${JSON.stringify(raw)}`;
      expect(await relativeError(engine, ssd, variant, raw), where).toBeLessThan(2e-6);
      // Differences of running sums that reach |a| · chunk ≈ 150 inside a chunk: 150 · 2⁻²⁴ ≈ 1e-5.
      const running = await relativeError(engine, ssd, variant, { ...raw, decaySum: 'running' });
      expect(running, `differences, ${where}`).toBeLessThan(3e-5);
      runs += 2;
    }
  }
  expect(runs).toBe(96);
});

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
