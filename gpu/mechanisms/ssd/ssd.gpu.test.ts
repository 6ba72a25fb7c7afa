import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { ssd } from './index.ts';

const VARIANTS = ['chunked', 'quadratic'];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const configs = fc.record({
  form: fc.constantFrom('minimal', 'combined'),
  batch: fc.integer({ min: 1, max: 2 }),
  seqlen: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 7, 8, 9, 63, 64, 65)),
  groups: fc.integer({ min: 1, max: 2 }),
  perGroup: fc.integer({ min: 1, max: 2 }),
  headDim: fc.constantFrom(1, 5, 8, 16),
  dstate: fc.constantFrom(1, 3, 8, 32),
  chunk: fc.constantFrom(1, 5, 16, 64, 100, 1000),
  optional: fc.boolean(),
});

test('both variants equal the float64 recurrence over lengths, states, chunks, groups and flags', async () => {
  const drawn = fc.sample(configs, { seed: 11, numRuns: 24 });
  const worst: Record<string, number> = {};
  for (const { groups, perGroup, optional, ...rest } of drawn) {
    const raw = {
      ...rest,
      heads: groups * perGroup,
      ...(rest.form === 'combined' && { groups, hasD: optional, hasZ: optional, hasDtBias: optional }),
      hasInitialStates: optional,
    };
    for (const variant of VARIANTS) {
      const error = await relativeError(engine, ssd, variant, raw);
      worst[variant] = Math.max(worst[variant] ?? 0, error);
      expect(error, `${variant} ${JSON.stringify(raw)}`).toBeLessThan(2e-6);
      const running = await relativeError(engine, ssd, variant, { ...raw, decaySum: 'running' });
      worst[`${variant}, differences`] = Math.max(worst[`${variant}, differences`] ?? 0, running);
      // Differences of running sums that reach |a| · chunk ≈ 150 inside a chunk: 150 · 2⁻²⁴ ≈ 1e-5.
      expect(running, `${variant} differences ${JSON.stringify(raw)}`).toBeLessThan(3e-5);
    }
  }
  console.log(`fuzz: ${2 * drawn.length * VARIANTS.length} runs, largest relative errors ${JSON.stringify(worst)}`);
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
