// The pictures are the run: real recordings, and edited kernels whose faults both views must show.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { tokenPruning } from '#gpu/mechanisms/token-pruning/token-pruning.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';
import { prepareRun } from '../../state/run/prepared-run.ts';
import { recordingOf } from '../../state/run/recording-of-run.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../../state/stores/experiment.ts';
import { tokenPruningExhibit } from './exhibit.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const SMALL = { batch: 1, heads: 1, tokens: 9, iterations: 4 };

async function record(variant: string, more: Partial<Experiment> = {}): Promise<Recording> {
  const experiment: Experiment = { ...DEFAULT_EXPERIMENT, mechanism: 'token-pruning', variant, config: SMALL, ...more };
  const prepared = prepareRun(tokenPruning, experiment, variant, null, engine.adapter.limits);
  const run = await engine.run(prepared.experiment, { inputs: prepared.inputs, trace: true });
  return recordingOf(JSON.stringify([variant, more]), prepared, run, engine.adapter);
}

const end = ({ trace }: Recording) => trace.steps.length;
const viewOf = (id: string) => loadWholeView(tokenPruningExhibit.views.find((view) => view.id === id)!);
const stateOf = (recording: Recording, tick = end(recording)) => ({ recording, tick, selection: null, others: [] });

async function drawn(id: string, recording: Recording, tick?: number): Promise<string> {
  const view = await viewOf(id);
  return view.svg!(stateOf(recording, tick), { width: 640, height: 420 }, (ink) =>
    ink.startsWith('--') ? '#888' : ink,
  );
}

test('scores drawn are those of the definition, round by round', async () => {
  const recording = await record('wpr');
  const rounds = (await viewOf('rounds')).table(stateOf(recording)).rows;
  expect(rounds.length).toBe(SMALL.iterations + 1);
  rounds.slice(1).forEach(([, , ...scores], i) => {
    const config = { ...tokenPruning.resolve(SMALL), iterations: i + 1 };
    const { importance } = tokenPruning.reference(config, recording.inputs);
    importance!.data.forEach((score, token) => {
      expect(Math.abs(Number(scores[token]) - score), `round ${i + 1}, token ${token + 1}`).toBeLessThan(1e-6);
    });
  });
  const nodes = (await viewOf('graph')).table(stateOf(recording)).rows.map((row) => row[2]);
  expect(nodes).toEqual(rounds.at(-1)!.slice(1));
});

test('the graph knows nothing at the start, edges first, then scores', async () => {
  const recording = await record('wpr');
  const view = await viewOf('graph');
  const firstVote = recording.trace.steps.findIndex(({ name }) => name === 'start');
  expect(view.summary(stateOf(recording, 0))).toContain('No token has a score yet.');
  expect(view.summary(stateOf(recording, firstVote))).toMatch(/No token has a score yet; the 32 strongest/);
  expect(view.summary(stateOf(recording))).toMatch(/The highest score of 9 tokens is 0\.\d+, of/);
  const pictures = await Promise.all([0, firstVote, end(recording)].map((tick) => drawn('graph', recording, tick)));
  expect(new Set(pictures).size).toBe(3);
});

test('a pruning layer shows which tokens leave, and says what the others hold', async () => {
  const recording = await record('attention-prune', { config: { ...SMALL, heads: 2, ratio: 0.5 } });
  const { rows } = (await viewOf('graph')).table(stateOf(recording));
  const mask = recording.outputs.next_mask!.data;
  expect(rows.map((row) => row[5])).toEqual(['', ...Array.from(mask, (kept) => (kept ? 'kept' : 'left out'))]);
  expect((await drawn('graph', recording)).match(/>× \d/g)).toHaveLength(4);
  expect(tokenPruningExhibit.story(recording, [])).toMatch(
    /^To rank 8 tokens in 4 rounds this run moved .*\. Of 8 tokens, 4 stay beside CLS, with \d+\.\d % of the importance\.$/,
  );
});

test.each([
  ['a vote that is not taken', 'vote.wgsl', 'voter = from0', 'voter = from0 + 1u'],
  ['a round that is skipped', 'vote.wgsl', 'round++) {', 'round += 2u) {'],
  [
    'a row that has no vote',
    'attention-rows.wgsl',
    'var weight = row[token];',
    'var weight = row[token] * f32(min(voter, 1u));',
  ],
])('%s shows in the graph, in the rounds and in the story', async (_, file, from, to) => {
  const right = await record('wpr');
  const faulty = tokenPruning.variants[0]!.kernels.find((kernel) => kernel.file === file)!.wgsl.replace(from, to);
  const wrong = await record('wpr', { sources: { [file]: faulty } });
  expect(wrong.edited).toEqual([file]);
  for (const id of ['graph', 'rounds']) {
    expect(await drawn(id, wrong), id).not.toBe(await drawn(id, right));
    const view = await viewOf(id);
    expect(view.table(stateOf(wrong)), id).not.toEqual(view.table(stateOf(right)));
  }
  const [said, ought] = [wrong, right].map((run) => tokenPruningExhibit.story(run, []));
  expect(said).toContain('this edited run');
  // Where rounds are skipped nothing is left to have a share of.
  const share = /with (\d+\.\d) % of the importance/;
  expect(ought).toMatch(share);
  expect(share.exec(said!)?.[1]).not.toBe(share.exec(ought!)![1]);
});

test('every view draws, says itself and has a table', async () => {
  const recording = await record('wpr', { config: { ...SMALL, batch: 2, heads: 2, hasMask: true } });
  const views = await Promise.all(tokenPruningExhibit.views.map(loadWholeView));
  expect(views.map(({ title }) => title)).toEqual(['Graph', 'Rounds', 'Memory', 'Timeline', 'Source']);
  for (const view of views) {
    expect(view.summary(stateOf(recording)).length, view.id).toBeGreaterThan(20);
    expect(view.table(stateOf(recording)).rows.length, view.id).toBeGreaterThan(0);
  }
});
