import { describe, expect, test } from 'vitest';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { followedRow, headOfStep } from './followed-row.ts';
import { memoryScene } from './memory-scene.ts';
import { rowScene } from './row-scene.ts';
import { recordWalk, takingTurns } from './testing/traced-walk.ts';
import { tilingScene, tilingView } from './testing/views.ts';

test('before the first step the first head is shown, whichever workgroup the device ran first', () => {
  const recording = recordWalk({ nq: 4, nk: 4, headDim: 2, br: 2, bc: 2, visits: () => [0, 1] });
  const config = { ...recording.config, heads: 4 };
  const { values, at, columns } = recording.trace.records!.find((table) => table.values.length === 0)!;
  const heads = columns[values.length + at.indexOf('head')]!;
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

  test('one head is shown until its workgroup has ended, with counts, tile and numbers of its own; the words say whose the step is', () => {
    expect(steps.slice(0, 5).map(({ workgroup }) => workgroup)).toEqual([3, 2, 1, 0, 3]);
    const ends = steps.findLastIndex(({ workgroup }) => workgroup === 3) + 1;
    expect(ends).toBeGreaterThan(steps.length / 2);
    let others = 0;
    for (let tick = 1; tick <= ends; tick++) {
      const scene = tilingScene(turns, tick, null);
      expect(scene, `step ${tick}`).toMatchObject({ batch: 0, head: 3, row: 1 });
      const own = steps.slice(0, tick).filter(({ workgroup }) => workgroup === 3);
      const loaded = own.filter(({ name }) => name === 'load-kv').length;
      expect(scene.visited).toBe(loaded);
      expect(scene.current.map(({ label }) => label)).toEqual(
        loaded === 0 || tick === ends ? expect.any(Array) : ['3'],
      );
      const { folds, done } = rowScene(turns, tick, followedRow(turns, tick));
      const m = folds[done - 1]?.m ?? null;
      expect(m).toBe(done === 0 ? null : 10 * (2 * 3 + 1) + done - 1);
      expect(memoryScene(turns, tick, null).registers).toMatchObject({ row: 1, m });
      const { workgroup } = steps[tick - 1]!;
      expect(headOfStep(turns, tick)).toMatchObject({ batch: 0, head: workgroup });
      const words = tilingView.summary({ recording: turns, tick, selection: null, others: [] });
      const besides = workgroup === 3 ? '' : `, while the step is of head ${workgroup + 1} of 4`;
      expect(words).toContain(`. Head 4 of 4${besides}: ${loaded} of 2 tiles visited`);
      if (workgroup !== 3) others += 1;
    }
    expect(others).toBeGreaterThan(4);
  });

  test('a workgroup that visits no tile has its place in the grid: its head, and its rows', () => {
    const records = turns.trace.records!.map((table) => ({ ...table, step: table.step.subarray(0, 0) }));
    const bare = (workgroups: [number, number, number], config = turns.config) => {
      const dispatches = [{ ...turns.trace.dispatches[0]!, workgroups }];
      return { ...turns, config, trace: { ...turns.trace, records, dispatches } };
    };
    expect(followedRow(bare([1, 4, 1]), 1)).toEqual({ batch: 0, head: 3, row: 1 });
    const halves = bare([2, 2, 1], { ...turns.config, heads: 2, nq: 3, seqlensQ: [3] });
    expect([1, 2, 3, 4].map((tick) => headOfStep(halves, tick))).toEqual([
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
