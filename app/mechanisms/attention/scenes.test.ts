import { describe, expect, test } from 'vitest';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { findMarkers } from '#gpu/wgsl/text/markers.ts';
import { viewOf } from '../../exhibit/picture-view.tsx';
import { isHeld } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { gridLegend } from '../../pictures/grid/grid-words.ts';
import { CELL } from '../../pictures/grid/tile-grid.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { flowsBetween, memoryScene } from './memory-scene.ts';
import { prepareRecording } from './prepare-recording.ts';
import { rowScene } from './row-scene.ts';
import { scoreExtents } from './score-place.ts';
import { attentionStory, coverageOf } from './story.ts';
import { attentionNames } from './testing/names.ts';
import { reuseScene, reuseSummary } from './testing/reuse-at.ts';
import { masked, recordWalk, takingTurns, type Walk } from './testing/traced-walk.ts';
import { tilingScene, tilingView } from './testing/views.ts';
import { tileIndexOf } from './tile-index.ts';

const dense: Walk = { nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] };
const end = (recording: ReturnType<typeof recordWalk>) => recording.trace.steps.length;

test('a selection outside of the run is told from one within', () => {
  const recording = recordWalk(dense);
  const at = { batch: 0, head: 0, row: 7 };
  const holds = (more: object) =>
    isHeld(recording, { kind: 'at', at: { ...at, ...more } }, scoreExtents(recording, at));
  expect(holds({})).toBe(true);
  expect(holds({ row: 8 })).toBe(false);
  expect(holds({ head: 1 })).toBe(false);
  expect(holds({ batch: 1, key: 0 })).toBe(false);
  expect(holds({ key: 11 })).toBe(true);
  expect(holds({ key: 12 })).toBe(false);
});

describe('tiling scene', () => {
  test('a tile is visited from the step after its record on, and not before', () => {
    const recording = recordWalk(dense);
    // Step 0 loads the query tile, step 1 the first key tile.
    expect(tilingScene(recording, 1, null).visited).toBe(0);
    const scene = tilingScene(recording, 2, null);
    expect(scene.visited).toBe(1);
    expect(scene.state[0]).toBe(CELL.visited);
    expect(scene.state[1]).toBe(CELL.ahead);
    expect(scene.current).toEqual([{ cell: 0, label: '0', running: true }]);
  });

  test('at the end every cell of a dense walk is visited once', () => {
    const recording = recordWalk(dense);
    const scene = tilingScene(recording, end(recording), null);
    expect(scene).toMatchObject({ gridRows: 4, gridColumns: 4, visited: 16, repeated: 0, never: 0, missed: 0 });
    expect([...scene.state]).toEqual(new Array(16).fill(CELL.visited));
  });

  test('a key tile that no workgroup reads is shown as missed from the first tick on', () => {
    const recording = recordWalk({ ...dense, visits: () => [0, 1, 3] });
    const scene = tilingScene(recording, 0, null);
    expect(scene).toMatchObject({ never: 4, missed: 4 });
    expect([2, 6, 10, 14].map((cell) => scene.state[cell])).toEqual(new Array(4).fill(CELL.missed));
  });

  test('tiles the causal mask hides are never visited and not missed', () => {
    const recording = recordWalk({
      nq: 8,
      nk: 8,
      headDim: 4,
      br: 2,
      bc: 2,
      causal: true,
      visits: (tile) => [0, 1, 2, 3].slice(0, tile + 1),
    });
    expect(tilingScene(recording, end(recording), null)).toMatchObject({ visited: 10, never: 6, missed: 0 });
  });

  test('a tile visited twice is shown so from its second visit on', () => {
    const recording = recordWalk({ ...dense, visits: (tile) => (tile === 1 ? [0, 1, 1, 2, 3] : [0, 1, 2, 3]) });
    const scene = tilingScene(recording, end(recording), null);
    expect(scene.repeated).toBe(1);
    expect(scene.state[5]).toBe(CELL.repeated);
    const first = tileIndexOf(recording).visits.step[5]!;
    expect(tilingScene(recording, first + 1, null).state[5]).toBe(CELL.visited);
  });

  test('a tile whose own step loads twice as much as its like is read twice, though visited once', () => {
    const recording = recordWalk(dense);
    const step = tileIndexOf(recordWalk(dense)).visits.step[6]!;
    for (const access of recording.trace.steps[step]!.accesses) access.loads *= 2;
    expect(tilingScene(recording, end(recording), null).state[6]).toBe(CELL.repeated);
  });

  test('ragged last tiles, which load less, are not taken for the rule', () => {
    const recording = recordWalk({ ...dense, nk: 10 });
    expect(tilingScene(recording, end(recording), null)).toMatchObject({ gridColumns: 4, repeated: 0, missed: 0 });
  });

  test('a run that visits no tile has the grid of its tiles, and all of them are said to be never visited', () => {
    const recording = masked(recordWalk({ ...dense, visits: () => [] }), new Array(16).fill(0));
    const scene = tilingScene(recording, end(recording), null);
    expect(scene).toMatchObject({ tileRows: 2, tileColumns: 3, gridRows: 4, gridColumns: 4 });
    expect(scene).toMatchObject({ visited: 0, never: 16, missed: 0 });
    expect(coverageOf(recording)).toMatchObject({ cells: 16, visitedCells: 0, openCells: 0 });
    expect(attentionStory(recording, [])).toMatch(
      / None of the 16 tiles was visited: what the mask leaves out is never loaded\.$/,
    );
    const kept = recordWalk({ ...dense, visits: () => [] });
    expect(tilingScene(kept, end(kept), null)).toMatchObject({ gridRows: 4, gridColumns: 4, never: 16, missed: 16 });
    expect(attentionStory(kept, [])).toContain('0 of 4 key tiles were read, though the mask lets all through.');
  });

  test('a head without a visited tile has the tiles of the others', () => {
    const walked = recordWalk(dense);
    const kernels = walked.kernels.map(({ file, wgsl }) => ({ file, wgsl: wgsl.replaceAll('@tune', '') }));
    const config = { ...walked.config, heads: 2 };
    const scene = tilingScene({ ...walked, kernels, config }, 0, { kind: 'at', at: { batch: 0, head: 1, row: 0 } });
    expect(scene).toMatchObject({ tileRows: 2, tileColumns: 3, visited: 0, missed: 16 });
  });

  test('the tuned kernel’s form that declares no tile has its own, also where it visits none', () => {
    const walked = recordWalk({ ...dense, visits: () => [] });
    const file = 'flash-v2-tuned-software-quad.wgsl';
    const pass = { ...walked.plan.passes[0]!, kernel: file, constants: { LANES: 1 } };
    const trace = { ...walked.trace, dispatches: [{ ...walked.trace.dispatches[0]!, kernel: file }] };
    const tuned = { ...walked, kernels: [], plan: { ...walked.plan, passes: [pass] }, trace };
    expect(tilingScene(tuned, 0, null)).toMatchObject({ tileRows: 4, tileColumns: 16, gridRows: 2, gridColumns: 1 });
  });

  test('the picked row follows the selection', () => {
    const recording = recordWalk(dense);
    expect(tilingScene(recording, 0, null).row).toBe(1);
    expect(tilingScene(recording, 0, { kind: 'at', at: { batch: 0, head: 0, row: 2, key: 6 } })).toMatchObject({
      row: 2,
      selectedCell: 6,
    });
  });
});

test('one tile left out is spoken of as one', () => {
  const words = (visits: Walk['visits']) =>
    tilingView.summary({ recording: recordWalk({ ...dense, visits }), tick: 0, selection: null, others: [] });
  const all = [0, 1, 2, 3];
  expect(words((tile) => (tile === 2 ? [0, 1, 3] : all))).toContain(
    '1 never visited although the mask lets it through',
  );
  expect(words(() => [0, 1, 3])).toContain('4 never visited although the mask lets them through');
});

describe('the timeline', () => {
  const words = (recording: Recording, tick: number) =>
    viewOf(timeline(), attentionNames).summary({ recording, tick, selection: null, others: [] });

  test('counts the workgroups under way, and at the last step says that none is', () => {
    const turns = takingTurns(recordWalk(dense));
    const steps = end(turns);
    expect(words(turns, 0)).toMatch(/\. 0 of 4 workgroups under way\.$/);
    expect(words(turns, 2)).toMatch(/\. 2 of 4 workgroups under way\.$/);
    expect(words(turns, steps - 1)).toMatch(/\. 2 of 4 workgroups under way\.$/);
    expect(words(turns, steps)).toMatch(/\. The run is over: all 4 workgroups have ended\.$/);
    const alone = recordWalk({ ...dense, br: 8 });
    expect(words(alone, end(alone))).toMatch(/\. The run is over: its only workgroup has ended\.$/);
  });

  test('of a run whose later steps were not kept it does not say so', () => {
    const walked = recordWalk(dense);
    const cut = { ...walked, trace: { ...walked.trace, truncated: true } };
    expect(words(cut, end(cut))).toMatch(/\. 4 workgroups seen; the steps that were kept end here\.$/);
  });
});

describe('the tiling table', () => {
  const recording = recordWalk(dense);
  const table = (tick: number) => tilingView.table({ recording, tick, selection: null, others: [] });

  test('follows the step: the latest visit is current, the later ones are yet to come', () => {
    expect(table(0).current).toBe(-1);
    // Step 2 loads the first key tile, step 3 folds it, step 4 loads the second.
    expect([2, 3, 4].map((tick) => table(tick).current)).toEqual([0, 0, 1]);
    const { rows, current } = table(end(recording));
    expect(current).toBe(rows.length - 1);
  });

  test('names what it is about and counts dispatches and workgroups from 0 alike', () => {
    expect(table(4).caption).toBe('Row 1');
    expect(table(4).rows[0]!.slice(0, 3)).toEqual([2, 0, 0]);
  });
});

describe('the legend of the score grid', () => {
  test('names every sign of the picture and no other', () => {
    const causal = recordWalk({
      ...dense,
      nk: 8,
      bc: 2,
      causal: true,
      visits: (tile) => [0, 1, 2, 3].slice(0, tile + 1),
    });
    const ids = (recording: typeof causal) =>
      gridLegend(tilingScene(recording, end(recording), null)).map(({ id, count }) => [id, count]);
    expect(ids(recordWalk(dense))).toEqual([
      ['visited', 16],
      ['current', 1],
    ]);
    expect(ids(causal)).toEqual([
      ['visited', 10],
      ['current', 1],
      ['never', 6],
      ['masked', undefined],
    ]);
  });
});

describe('row statistics', () => {
  test('are the recorded values of that row, in step order, and end at the tick', () => {
    const recording = recordWalk({ ...dense, maximum: (row, key) => row * 10 + key });
    const scene = rowScene(recording, end(recording), { batch: 0, head: 0, row: 5 });
    expect(scene.folds.map(({ m }) => m)).toEqual([50, 51, 52, 53]);
    expect(scene.folds.map(({ k0 }) => k0)).toEqual([0, 3, 6, 9]);
    expect(scene.done).toBe(4);
    expect(rowScene(recording, scene.folds[1]!.step + 1, { batch: 0, head: 0, row: 5 }).done).toBe(2);
  });
});

describe('a kernel that records no statistics of its rows', () => {
  const row = { batch: 0, head: 0, row: 1 };
  const bare = (recording: Recording): Recording => {
    const records = recording.trace.records!.filter(({ values }) => !values.includes('m'));
    return { ...recording, trace: { ...recording.trace, records } };
  };

  test('is said to have none, not to have folded nothing', () => {
    const walked = bare(recordWalk(dense));
    expect(rowScene(walked, 9, row)).toMatchObject({ folds: [], unrecorded: 'the kernel does not record m and ℓ' });
    const tuned = { ...walked, variant: 'flash-v2-tuned' };
    const words = 'this form keeps m and ℓ of its rows in registers and does not record them';
    expect(rowScene(tuned, 9, row).unrecorded).toBe(words);
    expect(rowScene({ ...tuned, edited: ['a.wgsl'] }, 9, row).unrecorded).toBe('the kernel does not record m and ℓ');
    const unvisited = recordWalk({ ...dense, visits: () => [] });
    expect(rowScene(unvisited, 9, row).unrecorded).toBe('no fold of this row was recorded');
    expect(rowScene(recordWalk(dense), 9, row)).not.toHaveProperty('unrecorded');
    expect(memoryScene(walked, 9, null).registers).toMatchObject({ recorded: false, m: null });
    expect(memoryScene(unvisited, 9, null).registers).toMatchObject({ recorded: true, m: null });
  });

  test('every form of the tuned kernel is one: m and ℓ are variables of an invocation, and none is recorded', () => {
    const { kernels } = attention.variants.find(({ id }) => id === 'flash-v2-tuned')!;
    const forms = kernels.filter(({ file }) => file.startsWith('flash-v2-tuned'));
    expect(forms).toHaveLength(3);
    for (const { file, wgsl } of forms) {
      const lines = findMarkers(wgsl).filter((marker) => marker.kind === 'record');
      expect(
        lines.map(({ values, at }) => [values.length, at.length]),
        file,
      ).toEqual([[0, 4]]);
      expect(wgsl, file).toMatch(/^ {2}var m = .*\n {2}var l = /m);
    }
  });
});

describe('memory scene', () => {
  test('at the end its bars equal the totals, buffer by buffer', () => {
    const recording = recordWalk(dense);
    const { hbm, sram } = memoryScene(recording, end(recording), null);
    for (const bar of [...hbm, ...sram]) {
      const total = recording.trace.totals.find(({ buffer }) => buffer === bar.name)!;
      expect([bar.readBytes, bar.writtenBytes]).toEqual([total.loadBytes, total.storeBytes]);
    }
  });

  test('what travels between any ticks sums to what the bars gained', () => {
    const recording = recordWalk(dense);
    for (const [from, to] of [
      [0, 1],
      [1, 7],
      [7, end(recording)],
    ] as const) {
      const flows = flowsBetween(recording, from, to).filter(({ from: a, to: b }) => a === 'hbm' || b === 'hbm');
      const moved = flows.reduce((sum, { bytes }) => sum + bytes, 0);
      const gained = (tick: number) =>
        memoryScene(recording, tick, null).hbm.reduce((sum, bar) => sum + bar.readBytes + bar.writtenBytes, 0);
      expect(moved).toBe(gained(to) - gained(from));
    }
  });

  test('a step that fills a workgroup array carries its bytes on chip; one that does not, to registers', () => {
    const recording = recordWalk(dense);
    expect(flowsBetween(recording, 1, 2)).toContainEqual({ buffer: 1, from: 'hbm', to: 'sram', bytes: 48 });
    expect(flowsBetween(recording, 0, 1)).toContainEqual({ buffer: 0, from: 'hbm', to: 'registers', bytes: 32 });
  });
});

describe('reuse scene', () => {
  test('counts per element come from the touches', () => {
    const recording = recordWalk(dense);
    const scene = reuseScene(recording, 0, null);
    const k = scene.panels.find(({ buffer }) => buffer === 'k')!;
    expect(k).toMatchObject({ rows: 12, columns: 4, most: 4, least: 4, mean: 4, verb: 'read' });
    expect(scene.panels.find(({ buffer }) => buffer === 'out')).toMatchObject({ verb: 'written', most: 1 });
  });

  test('a key tile read by no workgroup has zeros, and the summary says it is uneven', () => {
    const recording = recordWalk({ ...dense, visits: () => [0, 1, 3] });
    const scene = reuseScene(recording, 0, null);
    const k = scene.panels.find(({ buffer }) => buffer === 'k')!;
    expect([...k.counts.subarray(6 * 4, 9 * 4)]).toEqual(new Array(12).fill(0));
    expect(reuseSummary(scene)).toContain('elements of K were read between 0 and 4 times');
  });

  test('the rows of the running tile are lit', () => {
    const recording = recordWalk(dense);
    const scene = reuseScene(recording, 2, null);
    const lit = Object.fromEntries(scene.panels.map(({ buffer }, i) => [buffer, scene.lit[i]]));
    expect(lit).toEqual({ q: [0, 2], k: [0, 3], v: [0, 3], out: [0, 2] });
  });
});

describe('a recording made ready in slices', () => {
  test('holds what is made at once, and pauses on the way', () => {
    const walk = { ...dense, nq: 64, nk: 96, visits: () => Array.from({ length: 32 }, (_, i) => i) };
    const sliced = recordWalk(walk, 'sliced');
    const work = prepareRecording(sliced);
    let pauses = 0;
    while (!work.next().done) pauses += 1;
    expect(pauses).toBeGreaterThan(10);
    const whole = recordWalk(walk, 'whole');
    expect(tileIndexOf(sliced)).toEqual(tileIndexOf(whole));
    expect(coverageOf(sliced)).toEqual(coverageOf(whole));
    expect(prepareRecording(sliced).next().done).toBe(true);
  });
});
