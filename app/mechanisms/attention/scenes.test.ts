import { describe, expect, test } from 'vitest';
import { CELL } from '../../marks/tile-grid.ts';
import { flowsBetween, memoryScene } from './memory-scene.ts';
import { prepareRecording } from './prepare-recording.ts';
import { reuseScene, reuseSummary } from './reuse-scene.ts';
import { rowScene } from './row-scene.ts';

import { attentionRemark, attentionStory, coverageOf, hbmBytes } from './story.ts';
import { gridLegend, tilingView } from './TilingView.tsx';

import { recordWalk, type Walk } from './testing/traced-walk.ts';
import { tileIndexOf } from './tile-index.ts';
import { tilingScene } from './tiling-scene.ts';
import { holdsSelection } from './use-picked.ts';

const dense: Walk = { nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] };
const end = (recording: ReturnType<typeof recordWalk>) => recording.trace.steps.length;

test('a selection outside of the run is told from one within', () => {
  const recording = recordWalk(dense);
  const row = { kind: 'row', batch: 0, head: 0, row: 7 } as const;
  expect(holdsSelection(recording, row)).toBe(true);
  expect(holdsSelection(recording, { ...row, row: 8 })).toBe(false);
  expect(holdsSelection(recording, { ...row, head: 1 })).toBe(false);
  expect(holdsSelection(recording, { kind: 'tile', batch: 1, head: 0, q0: 0, k0: 0 })).toBe(false);
  expect(holdsSelection(recording, { kind: 'line', kernel: 'flash-v2.wgsl', line: 1 })).toBe(true);
});

describe('tiling scene', () => {
  test('a tile is visited from the step after its probe on, and not before', () => {
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

  test('the picked row follows the selection', () => {
    const recording = recordWalk(dense);
    expect(tilingScene(recording, 0, null).row).toBe(1);
    expect(tilingScene(recording, 0, { kind: 'tile', batch: 0, head: 0, q0: 2, k0: 6 })).toMatchObject({
      row: 2,
      selectedCell: 6,
    });
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

describe('story', () => {
  test('names counted bytes of both runs and nothing odd about a whole walk', () => {
    const recording = recordWalk(dense);
    const other = { ...recordWalk({ ...dense, visits: () => [0, 1, 2, 3, 0, 1, 2, 3] }), variant: 'standard' };
    const story = attentionStory(recording, [other]);
    expect(story).toBe(
      'To attend over 12 keys from 8 queries this kernel moved 1.79 KB between HBM and SRAM; the standard one moves 3.33 KB.',
    );
    expect(hbmBytes(recording).inAll).toBe(1792);
  });

  test('counts words where words begin, and says tokens where none does', () => {
    const recording = recordWalk(dense);
    const told = (query: string[]) => attentionStory({ ...recording, tokens: { query, key: query } }, []);
    expect(told(['▁the', '▁cat'])).toContain('attend over your 2 words this');
    expect(told(['▁walk', 'ing'])).toContain('attend over your 1 word (2 tokens) this');
    expect(told(['▁', '猫がマット'])).toContain('attend over your 2 tokens this');
    expect(told(['▁', '😀🎉', '▁', '❤️'])).toContain('attend over your 4 tokens this');
  });

  test('says that key tiles were left out or read twice', () => {
    const recording = recordWalk({ ...dense, visits: () => [0, 1, 1, 3] });
    expect(coverageOf(recording)).toMatchObject({ keyTiles: 4, keyTilesRead: 3, keyTilesRepeated: 1, mostTimes: 2 });
    expect(attentionStory(recording, [])).toContain(
      '3 of 4 key tiles were read, though the mask lets all through; one was read twice.',
    );
  });

  test('says honestly when FlashAttention moves more', () => {
    const recording = recordWalk(dense);
    const standard = { ...recordWalk({ ...dense, visits: () => [0, 1] }), variant: 'standard' };
    expect(attentionStory(recording, [standard])).toContain('That is 1.75 times as much: with tiles of only 2 × 3');
    expect(attentionRemark(recording, [standard])).toContain('FlashAttention moves 1.75 times as much');
    const nearly = withScores('standard', 740, [0, 1]);
    expect(hbmBytes(nearly).inAll).toBe(1764);
    expect(attentionStory(recording, [nearly])).toContain('That is 1.02 times as much');
    const barely = withScores('standard', 766, [0, 1]);
    expect(attentionStory(recording, [barely])).toContain('That is 1.001 times as much');
  });

  const sentences = (story: string) => story.match(/[.!?](?=\s|$)/g)?.length;
  /** The walk as another variant's run that also moved a score matrix of so many bytes. */
  const withScores = (variant: string, bytes: number, visits = [0, 1, 2, 3, 0, 1, 2, 3]) => {
    const recording = { ...recordWalk({ ...dense, visits: () => visits }), variant };
    const scores = { ...recording.trace.totals[0]!, buffer: 's', loadBytes: bytes / 2, storeBytes: bytes / 2 };
    const buffer = { ...recording.trace.buffers[0]!, name: 's' };
    const { totals, buffers } = recording.trace;
    return { ...recording, trace: { ...recording.trace, totals: [...totals, scores], buffers: [...buffers, buffer] } };
  };

  test('says what was saved and by what, from the counts of both runs', () => {
    const story = attentionStory(recordWalk(dense), [withScores('standard', 1000)]);
    expect(story).toMatch(/the standard one moves 4\.33 KB\. It saves 2\.54 KB because the score matrix, 1\.00 KB of/);
    expect(sentences(story)).toBe(2);
  });

  test('the standard kernel names its score matrix, and what the other pays instead where that is more', () => {
    const standard = withScores('standard', 1000, [0, 1, 2, 3]);
    expect(attentionStory(standard, [{ ...recordWalk(dense), variant: 'flash-v2' }])).toMatch(
      /1\.00 KB of it is the score matrix on its way out and back, which the other keeps on chip\.$/,
    );
    const cheap = withScores('standard', 100, [0, 1, 2, 3]);
    const reread = recordWalk({ ...dense, br: 1 });
    const story = attentionStory(cheap, [{ ...reread, variant: 'flash-v2' }]);
    expect(story).toMatch(/the other keeps it on chip, but keys and values are read again for every query tile\.$/);
    expect(sentences(story)).toBe(2);
  });

  test('a mask that the others do not have is named, and so is what it leaves out', () => {
    const config = { ...recordWalk(dense).config, blockmask: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const walked = recordWalk({ ...dense, visits: (tile) => [tile] });
    const masked = { ...walked, variant: 'flash-v2-block-sparse', config, inputs: {} };
    const blocks = { ...masked.plan.buffers[0]!, name: 'blockmask' };
    const plan = { ...masked.plan, buffers: [...masked.plan.buffers, blocks] };
    const without = ['block mask'];
    const story = attentionStory({ ...masked, plan }, [
      { ...withScores('standard', 1000), without },
      { ...recordWalk(dense), without },
    ]);
    expect(story).toContain('; without the mask FlashAttention-2 moves 1.79 KB, the standard one 4.33 KB.');
    expect(story).toMatch(/Only 4 of 16 tiles were visited: what the mask leaves out is never loaded\.$/);
    expect(sentences(story)).toBe(2);
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
