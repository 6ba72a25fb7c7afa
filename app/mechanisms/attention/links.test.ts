import { expect, test } from 'vitest';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { linkedSteps } from './linked-steps.ts';
import { reuseScene } from './testing/reuse-at.ts';
import { tilePlace } from './testing/tile-place.ts';
import { recordWalk } from './testing/traced-walk.ts';
import { tilingScene } from './testing/views.ts';
import { tileIndexOf } from './tile-index.ts';

const recording = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] });
const picked = { batch: 0, head: 0 };
const stepsOf = (linked: Uint8Array | null) => [...(linked ?? [])].flatMap((on, step) => (on ? [step] : []));

test('nothing selected links nothing', () => {
  expect(linkedSteps(recording, null)).toBeNull();
  expect(sceneAt(timeline({ linked: linkedSteps }), recording, 0).linked).toBeNull();
});

test('a tile stands for the steps of its visit and for its rows and keys', () => {
  const selection = tilePlace({ ...picked, row: 2 }, 6);
  const visit = tileIndexOf(recording).visits.step.findIndex(
    (_, i) => tileIndexOf(recording).visits.q0[i] === 2 && tileIndexOf(recording).visits.k0[i] === 6,
  );
  const load = tileIndexOf(recording).visits.step[visit]!;
  expect(stepsOf(linkedSteps(recording, selection))).toEqual([load, load + 1]);
  const scene = reuseScene(recording, 0, selection);
  const linked = Object.fromEntries(scene.panels.map(({ buffer }, i) => [buffer, scene.linked[i]]));
  expect(linked).toEqual({ q: [2, 4], k: [6, 9], v: [6, 9], out: [2, 4] });
  // Any score of a tile names it.
  expect(reuseScene(recording, 0, tilePlace({ ...picked, row: 3 }, 8)).linked).toEqual(scene.linked);
});

test('an element of K stands for its key: a column of the grid, and the steps whose tiles hold it', () => {
  // Row 7 of K, whose rows have 4 numbers.
  const selection = { kind: 'at' as const, tensor: 'k', at: { element: 30 } };
  expect(tilingScene(recording, 0, selection).linked).toEqual({ rows: null, columns: [7, 8] });
  const { visits, visitOfStep } = tileIndexOf(recording);
  for (const step of stepsOf(linkedSteps(recording, selection))) expect(visits.k0[visitOfStep[step]!]).toBe(6);
  expect(stepsOf(linkedSteps(recording, selection))).not.toEqual([]);
});

test('a workgroup stands for its lane and for the rows it works on', () => {
  const selection = { kind: 'workgroup' as const, dispatch: 0, workgroup: 3 };
  const linked = stepsOf(linkedSteps(recording, selection));
  expect(linked.length).toBe(10);
  for (const step of linked) expect(recording.trace.steps[step]!.workgroup).toBe(3);
  expect(tilingScene(recording, 0, selection).linked).toEqual({ rows: [6, 8], columns: [0, 12] });
});

test('a line stands for the steps that cover it; a line of another kernel for none', () => {
  const load = { kind: 'line' as const, kernel: 'flash-v2.wgsl', line: 6 };
  const linked = stepsOf(linkedSteps(recording, load));
  expect(linked.length).toBe(16);
  for (const step of linked) expect(recording.trace.steps[step]!.name).toBe('load-kv');
  expect(stepsOf(linkedSteps(recording, { ...load, kernel: 'other.wgsl' }))).toEqual([]);
});

test('a buffer stands for the steps that touch it', () => {
  const linked = stepsOf(linkedSteps(recording, { kind: 'buffer', buffer: 'q' }));
  expect(linked.map((step) => recording.trace.steps[step]!.name)).toEqual(new Array(4).fill('load-q'));
});
