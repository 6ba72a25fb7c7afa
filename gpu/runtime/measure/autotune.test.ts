// The choice itself, on an engine whose clock is made up: what is fastest wins, noise does not, and what was found is kept.

import { expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { mechanisms } from '../../mechanisms/all.ts';
import type { Engine, Experiment, Measurement } from '../api.ts';
import { autotune, remembered, type TuneStore, tuneKey } from './autotune.ts';

const EXPERIMENT = { mechanism: 'attention', variant: 'flash-v2-tuned', config: { nq: 64, nk: 64, headDim: 32 } };
const LIMITS = { isSoftware: 1, subgroupMinSize: 4, subgroupMaxSize: 4 };

type Tuned = { tuning?: Record<string, number> };
const lanesOf = (experiment: Experiment) => (experiment.config as Tuned).tuning?.LANES ?? 8;

function measurement(medianMs: number, spread: number): Measurement {
  return {
    samplesMs: [medianMs],
    medianMs,
    ci95Ms: [medianMs - spread, medianMs + spread],
    clock: 'queue-wall',
    quantumNs: null,
    repeatsPerSample: 1,
    rounds: 3,
  };
}

/** An engine that takes `time(LANES)` ms; counts what it measures. */
function fakeEngine(time: (lanes: number) => number, { vendor = 'v', spread = 0.1, refuse = 0 } = {}) {
  const measured: number[][] = [];
  const engine = {
    adapter: {
      vendor,
      architecture: 'a',
      description: 'd',
      isSoftware: true,
      features: [],
      limits: LIMITS,
      timestampQuantumNs: null,
    },
    async measure(contestants: Experiment[], options: { signal?: AbortSignal; onProgress?: (share: number) => void }) {
      if (options.signal?.aborted) throw new EngineError('aborted', 'cancelled');
      const lanes = contestants.map(lanesOf);
      measured.push(lanes);
      if (lanes.includes(refuse)) throw new EngineError('compile-failed', 'no');
      options.onProgress?.(1);
      return lanes.map((each) => measurement(time(each), spread));
    },
  } as unknown as Engine;
  return { engine, measured };
}

function memory(): TuneStore & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return { entries, get: (key) => entries.get(key) ?? null, set: (key, value) => entries.set(key, value) };
}

test('the fastest candidate wins, and every candidate was tried', async () => {
  const { engine } = fakeEngine((lanes) => Math.abs(lanes - 32) + 1);
  const shares: number[] = [];
  const { tuning, trials, remembered } = await autotune(engine, EXPERIMENT, {
    onProgress: (share) => shares.push(share),
  });
  expect(tuning).toEqual({ LANES: 32 });
  expect(remembered).toBe(false);
  expect(trials.map(({ tuning: each }) => each)).toEqual([{}, { LANES: 4 }, { LANES: 16 }, { LANES: 32 }]);
  expect(shares.at(-1)).toBe(1);
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
});

test('the kernel’s own values stay where nothing is shown to be faster', async () => {
  const { engine } = fakeEngine((lanes) => 10 - lanes / 100, { spread: 5 });
  expect((await autotune(engine, EXPERIMENT)).tuning).toEqual({});
});

test('the best of several batches meet once more side by side, and what they took then is told', async () => {
  const config = { ...EXPERIMENT.config, form: 'gpu' };
  let batch = 0;
  const { engine, measured } = fakeEngine(() => 1);
  engine.measure = async (contestants) => {
    batch += 1;
    measured.push(contestants.map((each) => lanesOf(each as Experiment)));
    // The machine slows down from batch to batch: compared across them, the first tried would win.
    return contestants.map((each) => measurement(batch * 10 + (lanesOf(each as Experiment) === 16 ? 1 : 2), 0.1));
  };
  const { tuning, trials } = await autotune(engine, { ...EXPERIMENT, config });
  expect(tuning).toMatchObject({ LANES: 16 });
  expect(measured.length).toBe(Math.ceil((trials.length - 1) / 3) + 1);
  const last = trials.filter(({ measurement: { medianMs } }) => Math.floor(medianMs / 10) === batch);
  expect(last.length).toBe(4);
  expect(last).toContainEqual({ tuning, measurement: measurement(batch * 10 + 1, 0.1) });
  expect(new Set(trials.map((trial) => JSON.stringify(trial.tuning))).size).toBe(trials.length);
});

test('a store can be asked without measuring', async () => {
  const store = memory();
  const { engine, measured } = fakeEngine((lanes) => 40 - lanes);
  expect((await remembered(engine, EXPERIMENT, store)).tuning).toBeNull();
  const { key } = await autotune(engine, EXPERIMENT, { store });
  const runs = measured.length;
  expect(await remembered(engine, EXPERIMENT, store)).toEqual({ key, tuning: { LANES: 32 } });
  expect(measured.length).toBe(runs);
});

test('a candidate that does not run is named and left out', async () => {
  const { engine } = fakeEngine((lanes) => lanes, { refuse: 4 });
  const { tuning, failed, trials } = await autotune(engine, EXPERIMENT);
  expect(failed).toEqual([{ LANES: 4 }]);
  expect(tuning).toEqual({});
  expect(trials.length).toBe(3);
});

test('what was found is kept by device, kernel and size class, and asked for first', async () => {
  const store = memory();
  const { engine, measured } = fakeEngine((lanes) => 40 - lanes);
  const first = await autotune(engine, EXPERIMENT, { store });
  const runs = measured.length;
  expect(await autotune(engine, EXPERIMENT, { store })).toMatchObject({
    tuning: { LANES: 32 },
    remembered: true,
    trials: [],
  });
  const near = { ...EXPERIMENT, config: { nq: 60, nk: 64, headDim: 32, tuning: { LANES: 4 } } };
  const ragged = await autotune(engine, near, { store });
  expect(measured.length).toBeGreaterThan(runs); // rows are checked there: another kernel
  expect(ragged.key).not.toBe(first.key);
  const larger = { ...EXPERIMENT, config: { nq: 256, nk: 256, headDim: 32 } };
  expect((await autotune(engine, larger, { store })).remembered).toBe(false);
  const other = fakeEngine((lanes) => lanes, { vendor: 'other' });
  expect((await autotune(other.engine, EXPERIMENT, { store })).remembered).toBe(false);
  expect(store.entries.size).toBe(4);
});

test('sizes of one class share a result', () => {
  const { engine } = fakeEngine(() => 1);
  const mechanism = mechanisms.get('matmul')!;
  const key = (m: number) =>
    tuneKey(engine, mechanism, 'tuned', mechanism.plan('tuned', mechanism.resolve({ m, k: 64, n: 64 }), LIMITS));
  expect(key(384)).toBe(key(512));
  expect(key(256)).not.toBe(key(512));
});

test('a store that is full, denied or holds nonsense does not stop it', async () => {
  const { engine } = fakeEngine((lanes) => lanes);
  const broken: TuneStore = {
    get: () => {
      throw new Error('denied');
    },
    set: () => {
      throw new Error('full');
    },
  };
  expect((await autotune(engine, EXPERIMENT, { store: broken })).tuning).toEqual({ LANES: 4 });
  for (const nonsense of ['{', '7', '{"LANES":5}', '{"BR":32}']) {
    const store = memory();
    store.get = () => nonsense;
    expect((await autotune(engine, EXPERIMENT, { store })).remembered, nonsense).toBe(false);
  }
});

test('it stops when told to, and says what cannot be tuned', async () => {
  const { engine } = fakeEngine((lanes) => lanes);
  const cancelled = autotune(engine, EXPERIMENT, { signal: AbortSignal.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
  const plain = autotune(engine, { ...EXPERIMENT, variant: 'flash-v2' });
  await expect(plain).rejects.toMatchObject({ code: 'unsupported', field: 'variant' });
  const unknown = autotune(engine, { ...EXPERIMENT, mechanism: 'none' });
  await expect(unknown).rejects.toMatchObject({ code: 'unknown-mechanism' });
});
