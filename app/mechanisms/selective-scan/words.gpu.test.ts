// What the pictures and sentences say beside the values: recorded runs whose numbers are known by other means.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import { held, NEVER } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import type { Experiment } from '../../state/stores/experiment.ts';
import { selectiveScanExhibit } from './exhibit.ts';
import { fusingRemark } from './fusing.ts';
import { streamOf } from './stream.ts';
import { recordRun } from './testing/record-run.ts';
import { state as stateView } from './views/state.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const end = ({ trace }: Recording) => trace.steps.length;

test('the spec’s example: 10,784 elements fused, 196,608 more for Ā, B̄u and h, 19.2 times', async () => {
  const config = selectiveScan.presets.find(({ id }) => id === 'spec-ratio')!.config as Experiment['config'];
  const unfused = await recordRun(engine, { variant: 'unfused', config });
  const fused = await recordRun(engine, { variant: 'sequential', config });
  const remark = fusingRemark(unfused, [fused])!;
  expect(remark).toContain('10,784 elements');
  expect(remark).toContain('196,608 of them');
  expect(remark).toContain('19.2 times');
  expect(fusingRemark(fused, [unfused])).toBe(remark);
  expect(fusingRemark(fused, [])).toBeNull();
  expect(selectiveScanExhibit.story(unfused, [fused])).toMatch(
    /19\.4 times as much as fused .* 786 KB of it are Ā, B̄u and h/,
  );
});

test('the stream names its symbols and questions, and answers come one by one', async () => {
  const task = { task: 'selective-copy', batch: 2, dim: 6, dstate: 3, seqlen: 20, channels: 8, time: 8 };
  const recording = await recordRun(engine, { variant: 'sequential', config: task });
  for (const batch of [0, 1]) {
    const { labels, marked, answers, questions } = streamOf(recording, end(recording), { batch })!;
    const remembered = [...marked].map((t) => labels[t]);
    expect(remembered).toHaveLength(3);
    expect(labels.slice(-3)).toEqual(['?', '?', '?']);
    expect(answers.map(({ text }) => text)).toEqual(remembered);
    expect(answers.every(({ right }) => right)).toBe(true);
    expect(questions).toBe(3);
    expect(streamOf(recording, 0, { batch })!.answers).toEqual([]);
  }
  const counts = Array.from(
    { length: end(recording) + 1 },
    (_, tick) => streamOf(recording, tick, { batch: 1 })!.answers.length,
  );
  expect([...new Set(counts)]).toEqual([0, 1, 2, 3]);

  // All questions of a stream get the same answer, which is right for some of them: only many streams tell.
  const many = { ...task, mode: 's4', batch: 16, dim: 8, dstate: 4, seqlen: 48 };
  const without = await recordRun(engine, { variant: 'sequential', config: many });
  const all = Array.from({ length: many.batch }, (_, batch) => streamOf(without, end(without), { batch })!.answers);
  const wrong = all.flat().filter(({ right }) => !right);
  expect(all.flat()).toHaveLength(64);
  expect(wrong.length).toBeGreaterThan(32);
});

test('with nothing selected the picture goes to channels that have started, and never back', async () => {
  const config = { batch: 3, dim: 8, dstate: 4, seqlen: 12, channels: 4, time: 8 };
  const recording = await recordRun(engine, { variant: 'sequential', config });
  const shownAt = (tick: number) => sceneAt(stateView, recording, tick).at as { batch: number; channel: number };
  const firstStep = ({ batch, channel }: { batch: number; channel: number }) =>
    held(recording.trace, 'h', { state: 4, time: 12 }, { batch, channel }).step.reduce(
      (least, at) => Math.min(least, at),
      NEVER,
    );
  const places = Array.from({ length: end(recording) + 1 }, (_, tick) => shownAt(tick));
  const began = places.map(firstStep);
  for (let tick = 1; tick < began.length; tick++) {
    expect(began[tick]!).toBeGreaterThanOrEqual(began[tick - 1]!);
    // Before the first has started there is nothing else to show.
    if (tick > Math.min(...began)) expect(began[tick]!).toBeLessThan(tick);
  }
  // Three sequences in two blocks of channels each.
  expect(new Set(began).size).toBe(6);
  const row = { kind: 'at', at: { batch: 1, channel: 2, time: 5 } } as const;
  expect(sceneAt(stateView, recording, 3, { place: row })).toMatchObject({
    at: { batch: 1, channel: 2 },
    selected: { column: 5 },
  });
});
