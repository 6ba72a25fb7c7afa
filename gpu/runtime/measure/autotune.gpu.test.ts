import { afterAll, beforeAll, expect, test } from 'vitest';
import { mechanisms } from '../../mechanisms/all.ts';
import type { Engine } from '../api.ts';
import { openEngine } from '../engine.ts';
import { autotune } from './autotune.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine?.dispose());

test('tunes attention and the matrix product on this adapter, and the result runs', async () => {
  for (const experiment of [
    { mechanism: 'attention', variant: 'flash-v2-tuned', config: { nq: 64, nk: 64, headDim: 16 } },
    { mechanism: 'matmul', variant: 'tuned', config: { m: 64, k: 64, n: 64 } },
  ]) {
    const shares: number[] = [];
    const { tuning, trials, failed } = await autotune(engine, experiment, {
      rounds: 2,
      onProgress: (share) => shares.push(share),
    });
    const mechanism = mechanisms.get(experiment.mechanism)!;
    const config = mechanism.resolve(experiment.config);
    expect(failed).toEqual([]);
    expect(trials.length).toBe(mechanism.tunings!(experiment.variant, config, engine.adapter.limits).length);
    for (const { measurement } of trials) expect(measurement.medianMs).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
    const { outputs } = await engine.run({ ...experiment, config: { ...experiment.config, tuning } });
    for (const { data } of Object.values(outputs)) expect(data.some((value) => Number.isNaN(value))).toBe(false);
  }
});

test('stops in the middle when told to, and leaves the engine usable', async () => {
  const stop = new AbortController();
  const experiment = { mechanism: 'attention', variant: 'flash-v2-tuned', config: { nq: 64, nk: 64, headDim: 16 } };
  const tuned = autotune(engine, experiment, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(tuned).rejects.toMatchObject({ code: 'aborted' });
  expect((await engine.run(experiment)).outputs.out!.data.length).toBe(64 * 16);
});
