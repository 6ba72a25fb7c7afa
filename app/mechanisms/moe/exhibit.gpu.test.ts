// The picture is the run: edited kernels whose faults it must show.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { moe } from '#gpu/mechanisms/moe/moe.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';
import { prepareRun } from '../../state/run/prepared-run.ts';
import { recordingOf } from '../../state/run/recording-of-run.ts';
import { costOf } from '../../state/run/runs-beside.ts';
import { DEFAULT_EXPERIMENT } from '../../state/stores/experiment.ts';
import { moeExhibit } from './exhibit.ts';

let engine: Engine;
let right: Recording;
beforeAll(async () => {
  engine = await openEngine();
  right = await record({});
});
afterAll(() => engine.dispose());

// The sizes of a preset: experts without tokens are among its sixteen.
const config = { batch: 1, seqlen: 5, dim: 16, ffn: 24, experts: 16 };

async function record(sources: Record<string, string>): Promise<Recording> {
  const experiment = { ...DEFAULT_EXPERIMENT, mechanism: 'moe', variant: 'top-k', config, sources };
  const prepared = prepareRun(moe, experiment, 'top-k', null, engine.adapter.limits);
  const run = await engine.run(prepared.experiment, { inputs: prepared.inputs, trace: true });
  return recordingOf(JSON.stringify(sources), prepared, run, engine.adapter);
}

const stateOf = (recording: Recording) => ({
  recording,
  tick: recording.trace.steps.length,
  selection: null,
  others: [],
});

test('the closed form beside the numbers knows which experts this run’s tokens go to', () => {
  const { buffers } = costOf(right, new Map([['moe', moe]]))!;
  for (const { buffer, loads, stores } of buffers) {
    const found = right.trace.totals.find((total) => total.buffer === buffer)!;
    expect([found.loads, found.stores], buffer).toEqual([loads, stores]);
  }
  const most = moe.cost('top-k', right.config).buffers.find(({ buffer }) => buffer === 'up_proj')!;
  expect(buffers.find(({ buffer }) => buffer === 'up_proj')!.loads).toBeLessThan(most.loads);
});

test.each([
  ['a token that is sent the other way', 'route.wgsl', 'theirs > own', 'theirs < own'],
  ['a weight that is doubled', 'route.wgsl', 'var weight = shares[slot];', 'var weight = 2.0 * shares[slot];'],
  ['tokens that are not counted', 'group.wgsl', 'tokens += there.y;', 'tokens += there.y / 2u;'],
])('%s shows in the routing', async (_, file, from, to) => {
  const { wgsl } = moe.variants[0]!.kernels.find((kernel) => kernel.file === file)!;
  const wrong = await record({ [file]: wgsl.replace(from, to) });
  expect(wrong.edited).toEqual([file]);
  const view = await loadWholeView(moeExhibit.views.find(({ id }) => id === 'routing')!);
  const said = (run: Recording) => [
    view.table(stateOf(run)),
    moeExhibit.story(run, []).replace('this edited run', 'this run'),
  ];
  expect(said(wrong)).not.toEqual(said(right));
  const drawn = (run: Recording) => view.svg!(stateOf(run), { width: 640, height: 420 }, () => '#888');
  expect(await drawn(wrong)).not.toBe(await drawn(right));
  expect(moeExhibit.story(wrong, [])).toContain('this edited run');
});

test('every view draws, says itself and has a table', async () => {
  const views = await Promise.all(moeExhibit.views.map(loadWholeView));
  expect(views.map(({ title }) => title)).toEqual(['Routing', 'Memory', 'Timeline', 'Source']);
  for (const view of views) {
    expect(view.summary(stateOf(right)).length, view.id).toBeGreaterThan(20);
    expect(view.table(stateOf(right)).rows.length, view.id).toBeGreaterThan(0);
  }
});
