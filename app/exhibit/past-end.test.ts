import { expect, test } from 'vitest';
import type { OutOfBounds } from '#gpu/trace/trace.ts';
import { isPastEnd, pastEndSentence, pastEndsOf, timesPastOf, unwrittenOf, unwrittenSentence } from './past-end.ts';
import type { Recording } from './recording.ts';
import { handMade } from './testing/hand-made.ts';

const row = (facts: Partial<OutOfBounds>): OutOfBounds => ({
  dispatch: 0,
  workgroup: 0,
  buffer: 'v',
  line: 98,
  loads: 0,
  stores: 0,
  atomics: 0,
  ...facts,
});

function runWith(outOfBounds: OutOfBounds[] | undefined): Recording {
  const run = handMade({ steps: 1 });
  return { ...run, trace: { ...run.trace, outOfBounds } };
}

test('a run that stays inside, and one of before that was not watched, have nothing to say', () => {
  for (const run of [runWith([]), runWith(undefined)]) {
    expect(isPastEnd(run)).toBe(false);
    expect(pastEndSentence(run)).toBeNull();
  }
});

test('reads are added up over workgroups, and said with line, tensor and times', () => {
  const run = runWith([row({ loads: 4000 }), row({ workgroup: 1, loads: 96 }), row({ buffer: 'k', loads: 1 })]);
  expect(pastEndSentence(run)).toBe(
    'Line 98 read v past its end 4,096 times in 2 workgroups: it got other values than it asked for; so did 1 other access in the source.',
  );
  expect(timesPastOf(run, 'v')).toBe(4096);
  expect(pastEndsOf(run).map(({ buffer, workgroups }) => [buffer, workgroups])).toEqual([
    ['v', 2],
    ['k', 1],
  ]);
});

test('writes were not written where they meant to; counts of many workgroups say nothing of how many', () => {
  const { workgroup: _, ...many } = row({ buffer: 'out', line: 7, stores: 1 });
  expect(pastEndSentence(runWith([many]))).toBe(
    'Line 7 wrote out past its end 1 time: nothing was written where it meant to.',
  );
});

/** An output of six elements, of which a stretch of the last two is an output of its own. */
function written(stores: number[] | undefined, init: 'poison' | 'zero' = 'poison', atomics = 0): Recording {
  const run = handMade({ steps: 1, touches: stores && [{ buffer: 'out', loads: [], stores }] });
  const buffers: Recording['plan']['buffers'] = [
    { name: 'out', dtype: 'f32', shape: [2, 3], role: 'output', init },
    { name: 'last', dtype: 'f32', shape: [2], role: 'output', within: { buffer: 'out', at: 4 } },
  ];
  const counts = { loads: 0, loadBytes: 0, storeBytes: 0, uniqueLoaded: 0, uniqueStored: 3, stores: 3, atomics };
  const [out, last] = [6, 2].map((length) => ({
    shape: [length],
    dtype: 'f32' as const,
    data: new Float32Array(length),
  }));
  return {
    ...run,
    outputs: { out: out!, last: last! },
    plan: { ...run.plan, buffers },
    trace: { ...run.trace, totals: [{ buffer: 'out', ...counts }] },
  };
}

test('what of an output was never written is counted by tensor, those that lie within another too', () => {
  expect(unwrittenOf(written([1, 2, 1, 1, 1, 1]))).toEqual([]);
  expect(unwrittenSentence(written([1, 2, 0, 0, 1, 0]))).toBe(
    'out: 3 of 6 elements were never written; last: 1 of 2 elements were never written.',
  );
});

test('an output of a part of the plan that did not run is none of this run', () => {
  const { outputs, ...run } = written([0, 0, 0, 0, 1, 1]);
  const { out: _, ...rest } = outputs;
  expect(unwrittenOf({ ...run, outputs: rest })).toEqual([]);
});

test('without touches the distinct words say it; atomics and outputs that begin as zero say nothing', () => {
  expect(unwrittenOf(written(undefined))).toEqual([{ tensor: 'out', never: 3, elements: 6 }]);
  expect(unwrittenOf(written([0, 0, 0, 0, 0, 0], 'zero'))).toEqual([]);
  expect(unwrittenOf(written([0, 0, 0, 0, 0, 0], 'poison', 1))).toEqual([]);
});
