// The picture is the run: real recordings, and edited kernels whose faults every view must show.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { attentionCost } from '#gpu/mechanisms/attention/cost.ts';
import { prefixStatistics } from '#gpu/mechanisms/attention/testing/prefix.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { CELL } from '../../pictures/grid/tile-grid.ts';
import { sourceScene } from '../../pictures/source/source-scene.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { numbersOf } from '../../words/numbers.ts';
import { headOfStep } from './followed-row.ts';
import { flowsBetween, memoryScene } from './memory-scene.ts';
import { attentionStory, coverageOf } from './story.ts';
import { edit, kernelSource, recordRun } from './testing/record-run.ts';
import { reuseScene, reuseSummary } from './testing/reuse-at.ts';
import { tilingScene } from './testing/views.ts';
import { tileIndexOf } from './tile-index.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
});

afterAll(() => {
  engine?.dispose();
});

const end = ({ trace }: Recording) => trace.steps.length;
const SMALL = { heads: 1, nq: 64, nk: 64, headDim: 16, br: 16, bc: 16 };

describe('whole runs', () => {
  const cases: [string, string, Record<string, number | boolean | string | number[]>][] = [
    ['flash-v2', 'dense', SMALL],
    ['flash-v2', 'causal', { ...SMALL, causal: true }],
    ['flash-v2', 'windowed', { ...SMALL, windowLeft: 20, windowRight: 5 }],
    ['flash-v2', 'ragged', { ...SMALL, nq: 50, nk: 37, headDim: 24 }],
    ['flash-v2', 'grouped-query', { ...SMALL, heads: 4, kvHeads: 2, nq: 32, nk: 48 }],
    [
      'flash-v2',
      'of several lengths',
      { ...SMALL, batch: 3, nq: 48, nk: 48, seqlensQ: [48, 17, 0], seqlensK: [30, 48, 9], causal: true },
    ],
    ['flash-v2', 'whose last tile holds one key', { ...SMALL, nq: 33, nk: 33, windowLeft: 20 }],
    ['flash-v1', 'dense', SMALL],
    ['flash-v1', 'causal and ragged', { ...SMALL, nq: 50, nk: 61, causal: true }],
    ['standard', 'dense', { ...SMALL, heads: 2, nq: 40, nk: 48 }],
    ['flash-v2-block-sparse', 'local and global', { ...SMALL, nq: 128, nk: 128, pattern: 'local-global' }],
    [
      'flash-v2-block-sparse',
      'butterfly, blocks of another size',
      { ...SMALL, nq: 96, nk: 96, blockRows: 32, blockCols: 8, pattern: 'butterfly' },
    ],
  ];
  test.each(cases)('%s %s: nothing odd, and all pictures end at the counters', async (variant, _what, config) => {
    const recording = await recordRun(engine, { variant, config });
    const { trace } = recording;
    expect(trace.matchesPlain).toBe(true);
    expect(trace.truncated).toBe(false);
    expect(coverageOf(recording)).toMatchObject({ missedCells: 0, repeatedCells: 0 });
    expect(coverageOf(recording).keyTilesRead).toBeGreaterThan(0);

    for (const bar of [
      ...memoryScene(recording, end(recording), null).hbm,
      ...memoryScene(recording, end(recording), null).sram,
    ]) {
      const total = trace.totals.find(({ buffer }) => buffer === bar.name)!;
      expect([bar.readBytes, bar.writtenBytes], bar.name).toEqual([total.loadBytes, total.storeBytes]);
    }
    const travelled = flowsBetween(recording, 0, end(recording)).filter(
      ({ from, to }) => from === 'hbm' || to === 'hbm',
    );
    const numbers = numbersOf(trace, attentionCost(variant, resolveConfig(recording.config)));
    expect(travelled.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(numbers.read.counted + numbers.written.counted);
    expect(numbers.buffers.flatMap(({ read, written }) => [read.agrees, written.agrees])).not.toContain(false);
    expect(numbers.workgroupBytes.agrees).toBe(true);

    const lanes = sceneAt(timeline(), recording, end(recording)).lanes;
    const groups = trace.dispatches.reduce((sum, { workgroups: [x, y, z] }) => sum + x * y * z, 0);
    expect(lanes.length).toBe(groups);
    expect(lanes.reduce((sum, { steps }) => sum + steps, 0)).toBe(end(recording));

    for (const panel of reuseScene(recording, 0, null).panels) {
      expect(panel.most, `${panel.buffer} ${panel.verb}`).toBeGreaterThan(0);
    }
  });

  test.each([
    ['flash-v2', { ...SMALL, heads: 2, kvHeads: 1, causal: true }],
    ['flash-v2', { ...SMALL, nq: 21, nk: 50, softcap: 4, windowLeft: 18 }],
    ['flash-v1', { ...SMALL, nq: 40, nk: 50 }],
    ['flash-v2-block-sparse', { ...SMALL, pattern: 'diagonal' }],
  ])('%s %o: m and ℓ after each fold equal the float64 prefix statistics', async (variant, config) => {
    const recording = await recordRun(engine, { variant, config });
    const { folds, tileColumns } = tileIndexOf(recording);
    const resolved = resolveConfig(recording.config, recording.inputs);
    let compared = 0;
    for (let i = 0; i < folds.count; i++) {
      const place = { batch: folds.batch[i]!, head: folds.head[i]!, row: folds.row[i]! };
      const want = prefixStatistics(resolved, recording.inputs, place, folds.k0[i]! + tileColumns[0]!);
      if (want.l === 0) {
        expect(folds.l[i]).toBe(0);
        continue;
      }
      expect(Math.abs(folds.m[i]! - want.m)).toBeLessThanOrEqual(1e-5);
      expect(Math.abs(folds.l[i]! - want.l) / Math.max(want.l, 1)).toBeLessThanOrEqual(1e-5);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(SMALL.br);
  });
});

test('an empty block mask: the grid has as many tiles as the kernel counted that it considered, none of them visited', async () => {
  const recording = await recordRun(engine, {
    variant: 'flash-v2-block-sparse',
    config: { ...SMALL, heads: 2, pattern: 'empty' },
  });
  expect(recording.trace.events).toMatchObject({ considered: 32 });
  expect(coverageOf(recording)).toMatchObject({ cells: 32, visitedCells: 0, missedCells: 0 });
  expect(tilingScene(recording, end(recording), null)).toMatchObject({ gridRows: 4, gridColumns: 4, never: 16 });
  expect(attentionStory(recording, [])).toContain('None of the 32 tiles was visited: what the mask leaves out');
});

test.each(['flash-v2', 'flash-v1', 'standard', 'flash-v2-tuned'])(
  '%s: while nothing is selected, the head that is shown is that of a workgroup under way, and it is known whose the step is',
  async (variant) => {
    const recording = await recordRun(engine, { variant, config: { ...SMALL, heads: 4, kvHeads: 2, nq: 32, nk: 32 } });
    const { steps, dispatches } = recording.trace;
    const headOf = ({ dispatch, workgroup }: { dispatch: number; workgroup: number }) => {
      const [across, heads] = dispatches[dispatch]!.workgroups;
      return Math.floor(workgroup / across) % heads;
    };
    const spans = new Map<string, { head: number; first: number; last: number }>();
    steps.forEach((step, at) => {
      const key = `${step.dispatch} ${step.workgroup}`;
      const span = spans.get(key);
      if (span) span.last = at + 1;
      else spans.set(key, { head: headOf(step), first: at + 1, last: at + 1 });
    });
    for (let tick = 1; tick <= steps.length; tick++) {
      expect(headOfStep(recording, tick), `step ${tick}`).toMatchObject({ batch: 0, head: headOf(steps[tick - 1]!) });
      const underWay = [...spans.values()].filter(({ first, last }) => first <= tick && tick <= last);
      expect(
        underWay.map(({ head }) => head),
        `step ${tick}`,
      ).toContain(tilingScene(recording, tick, null).head);
    }
    expect(spans.size).toBeGreaterThanOrEqual(4);
  },
);

const V2 = 'flash-v2.wgsl';

describe('a kernel edited to skip key tile 2 of 4', () => {
  let whole: Recording;
  let skipping: Recording;

  beforeAll(async () => {
    const loop = 'for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += BC) {';
    const wgsl = edit(kernelSource(V2), loop, `${loop}\n    if (k0 == 32u) { continue; }`);
    whole = await recordRun(engine, { config: SMALL });
    skipping = await recordRun(engine, { config: SMALL, sources: { [V2]: wgsl } });
    expect(skipping.edited).toEqual([V2]);
  });

  test('tiling: its column is missed from the first tick on', () => {
    const scene = tilingScene(skipping, 0, null);
    expect([2, 6, 10, 14].map((cell) => scene.state[cell])).toEqual(new Array(4).fill(CELL.missed));
    expect(tilingScene(skipping, end(skipping), null)).toMatchObject({ visited: 12, never: 4, missed: 4, repeated: 0 });
    expect(tilingScene(whole, end(whole), null)).toMatchObject({ visited: 16, never: 0, missed: 0 });
  });

  test('memory: K and V give a quarter less', () => {
    const k = (recording: Recording) =>
      memoryScene(recording, end(recording), null).hbm.find(({ name }) => name === 'k')!;
    expect(k(skipping).readBytes).toBe(k(whole).readBytes * 0.75);
  });

  test('reuse: its rows were never read', () => {
    const scene = reuseScene(skipping, 0, null);
    const k = scene.panels.find(({ buffer }) => buffer === 'k')!;
    expect([...k.counts.subarray(32 * 16, 48 * 16)]).toEqual(new Array(16 * 16).fill(0));
    expect([k.least, k.most]).toEqual([0, 4]);
    expect(reuseSummary(scene)).toContain('between 0 and 4 times');
  });

  test('timeline: every lane is shorter', () => {
    const steps = (recording: Recording) => indexOfTrace(recording.trace).lanes.map((lane) => lane.steps);
    expect(steps(skipping).length).toBe(4);
    for (const [lane, count] of steps(skipping).entries()) expect(count).toBeLessThan(steps(whole)[lane]!);
  });

  test('source: the edit is on screen and the loads ran a quarter less often', () => {
    const executions = (recording: Recording, text: string) => {
      const lines = sourceScene(recording, 1, V2).lines;
      return lines.find(({ tokens }) =>
        tokens
          .map((token) => token.text)
          .join('')
          .includes(text),
      )?.executions;
    };
    expect(executions(whole, 'if (k0 == 32u)')).toBeUndefined();
    expect(executions(skipping, 'if (k0 == 32u)')).toBeGreaterThan(0);
    expect(executions(skipping, 'k_tile[i % D * BC + i / D] =')).toBe(
      executions(whole, 'k_tile[i % D * BC + i / D] =')! * 0.75,
    );
  });

  test('story: says so', () => {
    expect(attentionStory(skipping, [])).toContain('3 of 4 key tiles were read, though the mask lets all through');
    expect(attentionStory(skipping, [])).toContain('this edited kernel');
    expect(attentionStory(whole, [])).not.toContain('key tile');
  });
});

describe('a kernel edited to read key tile 1 of 4 twice', () => {
  let whole: Recording;
  let twice: Recording;

  beforeAll(async () => {
    const loop = 'for (var i = index; i < rows * D; i += BR * LANES) {';
    const again = `for (var times = 0u; times < select(1u, 2u, k0 == 16u); times++) { ${loop}`;
    const source = edit(kernelSource(V2), loop, again);
    const wgsl = edit(source, 'v_tile[i] = v[at];\n    }', 'v_tile[i] = v[at];\n    } }');
    whole = await recordRun(engine, { config: SMALL });
    twice = await recordRun(engine, { config: SMALL, sources: { [V2]: wgsl } });
  });

  test('the output is the same: only the pictures tell', () => {
    expect(twice.outputs.out!.data).toEqual(whole.outputs.out!.data);
  });

  test('tiling: its column is marked as read more than once', () => {
    const scene = tilingScene(twice, end(twice), null);
    expect([1, 5, 9, 13].map((cell) => scene.state[cell])).toEqual(new Array(4).fill(CELL.repeated));
    expect(scene).toMatchObject({ visited: 16, repeated: 4, missed: 0 });
  });

  test('memory: K gives a quarter more', () => {
    const k = (recording: Recording) =>
      memoryScene(recording, end(recording), null).hbm.find(({ name }) => name === 'k')!;
    expect(k(twice).readBytes).toBe(k(whole).readBytes * 1.25);
  });

  test('reuse: its rows were read twice as often as the others', () => {
    const k = reuseScene(twice, 0, null).panels.find(({ buffer }) => buffer === 'k')!;
    expect([k.counts[0], k.counts[16 * 16], k.counts[32 * 16]]).toEqual([4, 8, 4]);
  });

  test('timeline and source: as many steps, more executions of the load', () => {
    expect(end(twice)).toBe(end(whole));
    const loads = (recording: Recording) =>
      sourceScene(recording, 1, V2)
        .lines.filter(({ tokens }) => tokens.some(({ text }) => text === 'v_tile'))
        .reduce((sum, line) => sum + line.loads, 0);
    expect(loads(twice)).toBeGreaterThan(loads(whole));
  });

  test('story: says so', () => {
    expect(attentionStory(twice, [])).toContain('4 of 4 key tiles were read; one was read twice.');
  });
});

describe('a kernel edited to read the values of every tile twice', () => {
  test('is shown by memory, reuse and the story', async () => {
    const wgsl = edit(kernelSource(V2), 'v_tile[i] = v[at];', 'v_tile[i] = v[at]; v_tile[i] = v[at];');
    const whole = await recordRun(engine, { config: SMALL });
    const twice = await recordRun(engine, { config: SMALL, sources: { [V2]: wgsl } });
    const bytes = (recording: Recording) =>
      memoryScene(recording, end(recording), null).hbm.find(({ name }) => name === 'v')!.readBytes;
    expect(bytes(twice)).toBe(2 * bytes(whole));
    const mean = (buffer: string) => reuseScene(twice, 0, null).panels.find((panel) => panel.buffer === buffer)!.mean;
    expect(mean('v')).toBe(2 * mean('k'));
    expect(attentionStory(twice, [])).toContain('Values were read 2.00 times as often as keys.');
    expect(attentionStory(whole, [])).not.toContain('as often as');
  });
});

describe('a kernel edited to visit key tile 1 of 4 twice', () => {
  test('is shown as two visits: in the grid, the timeline and the story', async () => {
    const loop = 'for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += BC) {';
    const wgsl = edit(
      kernelSource(V2),
      loop,
      'var visits = 0u;\n  for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += select(BC, 0u, k0 == 16u && visits == 2u)) {\n    visits += 1u;',
    );
    const whole = await recordRun(engine, { config: SMALL });
    const again = await recordRun(engine, { config: SMALL, sources: { [V2]: wgsl } });
    expect(end(again)).toBeGreaterThan(end(whole));
    expect(tilingScene(again, end(again), null)).toMatchObject({ visited: 16, repeated: 4 });
    expect(attentionStory(again, [])).toContain('one was read twice');
  });
});

test('the honest case: with tiles of 8 × 8 and d = 64 FlashAttention moves more than standard, and the story says why', async () => {
  const config = { heads: 1, nq: 64, nk: 64, headDim: 64, br: 8, bc: 8 };
  const flash = await recordRun(engine, { config });
  const standard = await recordRun(engine, { variant: 'standard', config });
  const story = attentionStory(flash, [standard]);
  expect(story).toMatch(/times as much: with tiles of only 8 × 8/);
  expect(story.split(/\.(?: |$)/).length).toBeLessThanOrEqual(3);
});
