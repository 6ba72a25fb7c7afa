import { describe, expect, test } from 'vitest';
import { indexOfTrace } from '../../marks/recording-index.ts';
import { followedRow } from './followed-row.ts';
import { memoryScene } from './memory-scene.ts';
import { rowScene } from './row-scene.ts';
import { tilingView } from './TilingView.tsx';
import { recordWalk, takingTurns } from './testing/traced-walk.ts';
import { tilingScene } from './tiling-scene.ts';

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

describe('where the workgroups of four heads take turns', () => {
  const walk = { nq: 8, nk: 6, headDim: 2, br: 2, bc: 3, visits: () => [0, 1] };
  const turns = takingTurns(recordWalk({ ...walk, maximum: (row, key) => 10 * row + key }));
  const { steps } = turns.trace;

  test('head, counts, tile at work and numbers of the row are those of the step that is named', () => {
    expect(steps.slice(0, 5).map(({ workgroup }) => workgroup)).toEqual([3, 2, 1, 0, 3]);
    for (let tick = 1; tick <= steps.length; tick++) {
      const { workgroup, name } = steps[tick - 1]!;
      const scene = tilingScene(turns, tick, null);
      expect(scene, `step ${tick}`).toMatchObject({ batch: 0, head: workgroup, row: 1 });
      const own = steps.slice(0, tick).filter((step) => step.workgroup === workgroup);
      const loaded = own.filter((step) => step.name === 'load-kv').length;
      expect(scene.visited).toBe(loaded);
      const label = String(workgroup);
      expect(scene.current).toEqual(loaded === 0 ? [] : [{ cell: loaded - 1, label, running: true }]);
      const folded = name === 'fold' ? loaded : loaded - 1;
      const { folds, done } = rowScene(turns, tick, followedRow(turns, tick));
      expect(done).toBe(Math.max(folded, 0));
      const m = folds[done - 1]?.m ?? null;
      expect(m).toBe(done === 0 ? null : 10 * (2 * workgroup + 1) + done - 1);
      expect(memoryScene(turns, tick, null).registers).toMatchObject({ row: 1, m });
      const words = tilingView.summary({ recording: turns, tick, selection: null, others: [] });
      expect(words).toContain(`workgroup ${workgroup}: `);
      expect(words).toContain(`. Head ${workgroup + 1} of 4: ${loaded} of 2 tiles visited`);
    }
  });

  test('a workgroup that visits no tile has its place in the grid: its head, and its rows', () => {
    const probes = turns.trace.probes!.map((probe) => ({ ...probe, step: probe.step.subarray(0, 0) }));
    const bare = (workgroups: [number, number, number], config = turns.config) => {
      const dispatches = [{ ...turns.trace.dispatches[0]!, workgroups }];
      return { ...turns, config, trace: { ...turns.trace, probes, dispatches } };
    };
    expect(followedRow(bare([1, 4, 1]), 1)).toEqual({ batch: 0, head: 3, row: 1 });
    const halves = bare([2, 2, 1], { ...turns.config, heads: 2, nq: 3, seqlensQ: [3] });
    expect([1, 2, 3, 4].map((tick) => followedRow(halves, tick))).toEqual([
      { batch: 0, head: 1, row: 2 },
      { batch: 0, head: 1, row: 1 },
      { batch: 0, head: 0, row: 2 },
      { batch: 0, head: 0, row: 1 },
    ]);
    // A kernel that has a grid of its own, one that pads columns, works on no head.
    const padding = bare([4, 1, 1]);
    expect(followedRow(padding, 1)).toEqual(followedRow(padding, 0));
    expect(indexOfTrace(padding.trace).lanes).toHaveLength(4);
  });
});
