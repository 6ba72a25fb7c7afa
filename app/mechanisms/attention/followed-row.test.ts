import { expect, test } from 'vitest';
import { followedRow } from './followed-row.ts';
import { recordWalk } from './testing/traced-walk.ts';

test('before the first step the first head is shown, whichever workgroup the device ran first', () => {
  const recording = recordWalk({ nq: 4, nk: 4, headDim: 2, br: 2, bc: 2, visits: () => [0, 1] });
  const config = { ...recording.config, heads: 4 };
  const heads = recording.trace.probes!.find(({ name }) => name === 'head')!.values;
  // The workgroup that ran first worked on the fourth head, the other on the second.
  heads.set([3, 3, 1, 1]);
  const run = { ...recording, config };
  expect(followedRow(run, 0)).toEqual({ batch: 0, head: 1, row: 3 });
  expect(followedRow(run, 1)).toEqual({ batch: 0, head: 3, row: 1 });
});
