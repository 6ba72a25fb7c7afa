// A real tuning on this adapter, through both kinds of engine: it ends, every candidate shown was really measured and gives the golden
// outputs, and so does what was picked.

import { afterAll, expect, test } from 'vitest';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { tunedForms } from '#gpu/mechanisms/attention/tuned-forms.ts';
import type { Tuning } from '#gpu/plan/kernel-form.ts';
import type { Engine, Experiment as EngineExperiment } from '#gpu/runtime/api.ts';
import { openEngine } from '#gpu/runtime/engine.ts';
import * as runtime from '#gpu/runtime/measure/autotune.ts';
import { openEngineInWorker } from '#gpu/runtime/worker/facade.ts';
import { runGoldens } from '#gpu/testing/golden-runs.ts';
import { prepareRun } from '../run/prepared-run.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../stores/experiment.ts';
import { createTuner } from './tuner.ts';

const KINDS: [string, () => Promise<Engine>][] = [
  ['the direct engine', openEngine],
  ['the worker’s facade', openEngineInWorker],
];
/** Sizes of a golden case with a window, heads and a tile that is not full. */
const CONFIG = { heads: 2, nq: 48, nk: 48, headDim: 16 };

const opened: Engine[] = [];
afterAll(() => {
  for (const engine of opened) engine.dispose();
});

const denied = () => {
  throw new Error('no storage in this test');
};
const options = { signal: new AbortController().signal, onProgress: () => {} };

async function prepare(engine: Engine, config: Experiment['config'] = CONFIG, sources: Record<string, string> = {}) {
  const tuner = createTuner(runtime, denied, () => performance.now());
  const experiment = { ...DEFAULT_EXPERIMENT, variant: 'flash-v2-tuned', config, sources };
  const run = prepareRun(attention, experiment, experiment.variant, null, engine.adapter.limits);
  return { tuner, prepared: await tuner.apply(engine, run, experiment.config) };
}

/** The same engine; keeps what it is asked to time. */
function watched(engine: Engine) {
  const timed: Tuning[] = [];
  const tuningOf = ({ config }: EngineExperiment) => (config as { tuning?: Tuning }).tuning ?? {};
  const measure: Engine['measure'] = (contestants, how) => {
    timed.push(...contestants.map((each) => tuningOf(each as EngineExperiment)));
    return engine.measure(contestants, how);
  };
  return { timed, engine: { adapter: engine.adapter, measure } as Engine };
}

test.each(KINDS)('tunes with %s, and all that is shown was measured and computes what it should', async (_, open) => {
  const engine = await open();
  opened.push(engine);
  const { tuner, prepared } = await prepare(engine);
  const asked = watched(engine);
  const { result, candidates, form, own } = await tuner.tune(asked.engine, prepared, options);
  expect(result?.failed).toEqual([]);
  expect(candidates).toBeGreaterThan(1);
  expect(result?.trials).toHaveLength(candidates);
  expect(result?.tookMs).toBeGreaterThan(0);
  const seen = new Set(asked.timed.map((tuning) => JSON.stringify({ ...own, ...tuning })));
  for (const { tuning, measurement } of result!.trials) {
    expect(seen).toContain(JSON.stringify(tuning));
    expect(measurement.samplesMs).toHaveLength(measurement.rounds);
    expect(Math.min(...measurement.samplesMs)).toBeGreaterThan(0);
    expect(await runGoldens(engine, 'fa_window', 'flash-v2-tuned', { form: form!.id, tuning })).toBe(3);
  }
  expect(result!.trials.map(({ tuning }) => tuning)).toContainEqual(result!.tuning);

  const next = await tuner.apply(engine, prepared, CONFIG);
  expect(next.tuned).toMatchObject({ used: result!.tuning, from: 'measured', kept: false });
  const { ran } = await engine.run(next.experiment);
  const kernel = ran!.kernels.find(({ file }) => file === next.tuned!.kernel)!.wgsl;
  for (const [name, value] of Object.entries(result!.tuning))
    expect(kernel).toContain(`const ${name}: u32 = ${value}u;`);
});

test('a candidate whose kernel does far more work is shown to be slow, and is not picked', async () => {
  const engine = await openEngine();
  opened.push(engine);
  const config = { ...CONFIG, form: 'software' };
  const { kernel, own } = (await prepare(engine, config)).prepared.tuned!;
  const slow = { LANES: own.LANES! * 2 };
  const source = tunedForms.software;
  const work = `if (LANES == ${slow.LANES}u) {
    var sum = 0.0;
    for (var i = 0u; i < 30000u; i++) { sum = fract(sum * 1.5 + q[i % 4u].x); }
    if (sum == 2.0) { lse[0] = sum; }
  }`;
  const edited = source.replace('let batch = tile.z;', `let batch = tile.z;\n${work}`);
  expect(edited).not.toBe(source);
  const { tuner, prepared } = await prepare(engine, config, { [kernel]: edited });
  const { result } = await tuner.tune(engine, prepared, options);
  const median = (tuning: Tuning) =>
    result!.trials.find((trial) => JSON.stringify(trial.tuning) === JSON.stringify(tuning))!.measurement.medianMs;
  expect(median(slow)).toBeGreaterThan(3 * median(own));
  expect(result!.tuning).not.toEqual(slow);
});

test('stops in the middle when told to, keeps nothing, and leaves the engine usable', async () => {
  const engine = await openEngineInWorker();
  opened.push(engine);
  const { tuner, prepared } = await prepare(engine);
  const stop = new AbortController();
  const tuning = tuner.tune(engine, prepared, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(tuning).rejects.toMatchObject({ code: 'aborted' });
  expect((await tuner.apply(engine, prepared, CONFIG)).tuned).toMatchObject({ result: null, from: 'own' });
  const { outputs } = await engine.run(prepared.experiment);
  expect(outputs.out!.data.some(Number.isNaN)).toBe(false);
});
