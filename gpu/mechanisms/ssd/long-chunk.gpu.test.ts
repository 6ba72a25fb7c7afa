// Long chunks: differences of running sums lose digits, against float64; sums of their own, and short chunks, do not.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { ssd } from './ssd.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const { variant, config } = ssd.presets.find(({ id }) => id === 'trap-long-chunk')!;

test('on the preset, differences of running sums are at least ten times as wrong as direct sums and as short chunks', async () => {
  const running = await relativeError(engine, ssd, variant, config);
  const direct = await relativeError(engine, ssd, variant, { ...config, decaySum: 'direct' });
  const short = await relativeError(engine, ssd, 'chunked', config);
  console.log(
    `one chunk of 256: running sums ${running.toExponential(1)}, direct sums ${direct.toExponential(1)}; ` +
      `chunks of 16: running sums ${short.toExponential(1)}`,
  );
  expect(running).toBeGreaterThan(2e-5); // more than parity allows
  expect(direct).toBeLessThan(1e-6);
  expect(running).toBeGreaterThan(10 * direct);
  expect(running).toBeGreaterThan(10 * short);
});

test('at any length and chunk, results keep the digits of float32: 2e-6 of the largest value, the least that the golden rule grants', async () => {
  const worst = { direct: 0, running: 0 };
  for (const seqlen of [64, 128, 256, 512, 1024]) {
    const raw = { batch: 1, seqlen, heads: 2, headDim: 4, dstate: 4, chunk: seqlen };
    for (const each of ['chunked', 'quadratic']) {
      const error = await relativeError(engine, ssd, each, raw);
      worst.direct = Math.max(worst.direct, error);
      expect(error, `${each}, ${seqlen} steps`).toBeLessThan(2e-6);
    }
    worst.running = await relativeError(engine, ssd, 'quadratic', { ...raw, decaySum: 'running' });
  }
  console.log(
    `64 to 1024 steps: direct sums ${worst.direct.toExponential(1)}; running sums at 1024 ${worst.running.toExponential(1)}`,
  );
  expect(worst.running).toBeGreaterThan(2e-6);
});

test('the state that a long chunk leaves loses digits too, and direct sums keep them', async () => {
  // The last reset is some steps before the end, so that the state holds several gentle ones.
  const raw = { ...config, seqlen: 255, form: 'combined', groups: 1, hasD: false, hasZ: false };
  const errorOf = async (decaySum: string) => {
    const resolved = ssd.resolve({ ...raw, decaySum });
    const inputs = ssd.makeInputs(resolved, 1);
    const experiment = { mechanism: 'ssd', variant, config: { ...raw, decaySum } };
    const found = (await engine.run(experiment, { inputs })).outputs.final_state!.data;
    const want = ssd.reference(resolved, inputs).final_state!.data;
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return want.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!) / largest), 0);
  };
  const [running, direct] = [await errorOf('running'), await errorOf('direct')];
  console.log(
    `final state, combined form: running sums ${running.toExponential(1)}, direct ${direct.toExponential(1)}`,
  );
  expect(running).toBeGreaterThan(10 * direct);
  expect(direct).toBeLessThan(1e-6);
});
