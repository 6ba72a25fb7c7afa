// Long chunks on the page: the digits that differences of running sums lose, as recorded, in picture and story.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { ssd } from '#gpu/mechanisms/ssd/ssd.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';
import { prepareRun } from '../../state/run/prepared-run.ts';
import { recordingOf } from '../../state/run/recording-of-run.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../../state/stores/experiment.ts';
import { decay, decayErrorOf, ssdExhibit } from './exhibit.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

async function record(variant: string, config: Experiment['config']): Promise<Recording> {
  const experiment: Experiment = { ...DEFAULT_EXPERIMENT, mechanism: 'ssd', variant, config };
  const prepared = prepareRun(ssd, experiment, variant, null, engine.adapter.limits);
  const run = await engine.run(prepared.experiment, { inputs: prepared.inputs, trace: true });
  return recordingOf(`${variant} ${JSON.stringify(config)}`, prepared, run, engine.adapter);
}

const config = ssd.presets.find(({ id }) => id === 'trap-long-chunk')!.config as Experiment['config'];
const end = ({ trace }: Recording) => trace.steps.length;
const strip = (recording: Recording, id: string, tick = end(recording)) =>
  sceneAt(decay, recording, tick).strips.find((each) => each.id === id)!;

test('the running sum drawn is that of the given decays, and what it loses is what float32 rounds off', async () => {
  const recording = await record('quadratic', config);
  const { A } = recording.inputs;
  let exact = 0;
  strip(recording, 'cs').values.forEach((sum, t) => {
    exact += A!.data[t]!;
    expect(Math.abs(sum - exact)).toBeLessThan(1e-5 * Math.abs(exact) + 1e-6);
  });
  const { reached, spacing, lost } = decayErrorOf(recording, 0);
  expect(reached).toBeGreaterThan(1000);
  // A sum is off by half a spacing at most, a difference of neighbours by one rounding.
  expect(lost).toBeGreaterThan(spacing / 8);
  expect(lost).toBeLessThanOrEqual(spacing);
  expect(strip(recording, 'lost', 0).values.every(Number.isNaN)).toBe(true);
});

test('direct sums and short chunks lose nothing like it, and the stories say so', async () => {
  const long = await record('quadratic', config);
  const short = await record('chunked', config);
  const direct = await record('quadratic', { ...config, decaySum: 'direct' });
  expect(decayErrorOf(direct, 0).lost).toBe(0);
  expect(decayErrorOf(long, 0).lost!).toBeGreaterThan(10 * decayErrorOf(short, 0).lost!);
  expect(ssdExhibit.story(long, [short])).toMatch(
    /chunk of 256 steps .* is off by up to [\d.]+e-\d, and outputs by up to [\d.e-]+ from those of chunks of 16\. Summing every decay directly mends it/,
  );
  expect(ssdExhibit.story(direct, [])).toContain('each was summed from step to step: over one step it is exact.');
  const small = await record('chunked', { batch: 1, seqlen: 32, heads: 2, headDim: 4, dstate: 4, chunk: 8 });
  expect(ssdExhibit.story(small, [])).toMatch(/^Over 32 tokens/);
});

test('the view of decays has words and a table for either form', async () => {
  const view = await loadWholeView(ssdExhibit.views.find(({ id }) => id === 'decay')!);
  for (const raw of [config, { ...config, form: 'combined', groups: 1, seqlen: 32 }]) {
    const recording = await record('chunked', raw);
    const state = { recording, tick: end(recording), selection: null, others: [] };
    expect(view.summary(state)).toMatch(/the running sum reaches −[\d,]+/);
    expect(view.table(state).rows).toHaveLength(Number(recording.config.seqlen));
    expect(view.table(state).columns.length).toBe(recording.config.form === 'minimal' ? 4 : 2);
  }
});
