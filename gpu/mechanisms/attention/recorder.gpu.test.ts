// The recorder against the closed forms: over random problems every count of a recorded run equals cost(), nothing changes in the
// outputs, the recorded m and l are those of float64, and planted faults are seen.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import { openEngine } from '../../index.ts';
import type { Engine } from '../../runtime/api.ts';
import type { Trace } from '../../trace/trace.ts';
import type { AttentionConfig } from './config.ts';
import { attention } from './index.ts';
import { variantIds } from './plan.ts';
import { prefixStatistics } from './testing/prefix.ts';
import { randomProblem, tuples } from './testing/random-problem.ts';

const PROBLEMS = 204;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

/** Recorded counts of the storage buffers, and of the events that have a closed form, as cost() lists them. */
function recorded({ totals, buffers, events }: Trace, promised: Record<string, number> = {}) {
  const storage = new Set(buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  const counts = totals
    .filter(({ buffer, loads, stores }) => storage.has(buffer) && loads + stores > 0)
    .map(
      ({ buffer, loads, stores, loadBytes, storeBytes }) => [buffer, { loads, stores, loadBytes, storeBytes }] as const,
    );
  const named = Object.keys(promised).map((name) => [name, events[name] ?? 0] as const);
  return { counts: Object.fromEntries(counts), events: Object.fromEntries(named) };
}

function closedForm(variant: string, config: AttentionConfig) {
  const { buffers, events = {} } = attention.cost(variant, config);
  const counts = buffers
    .filter(({ loads, stores }) => loads + stores > 0)
    .map(({ buffer, ...count }) => [buffer, count] as const);
  return { counts: Object.fromEntries(counts), events };
}

describe.each(variantIds)('%s', (variant) => {
  test(`${PROBLEMS} random problems: recorded totals equal the closed form, outputs equal the plain run’s`, async () => {
    const random = uniformStream(11, variant);
    let tiles = 0;
    for (let round = 0; round < PROBLEMS; round++) {
      // Tuple by tuple, so that a pipeline is compiled once.
      const raw = randomProblem(random, tuples[Math.floor((round * tuples.length) / PROBLEMS)]!, variant);
      const config = attention.resolve(raw) as AttentionConfig;
      const { trace } = await engine.run(
        { mechanism: 'attention', variant, config: raw, seed: round },
        { trace: { steps: false, touches: false, probes: false } },
      );
      const expected = closedForm(variant, config);
      expect(recorded(trace!, expected.events), JSON.stringify(raw)).toEqual(expected);
      expect(trace!.matchesPlain, JSON.stringify(raw)).toBe(true);
      tiles += expected.events.tiles!;
    }
    expect(tiles).toBeGreaterThan(PROBLEMS);
  });
});

test('recorded elements are those of the paper’s table', async () => {
  const measured = async (variant: string, n: number, headDim: number, tile: number, causal = false) => {
    const config = { heads: 1, nq: n, nk: n, headDim, br: tile, bc: tile, causal };
    const counting = { steps: false, touches: false, probes: false };
    const { trace } = await engine.run({ mechanism: 'attention', variant, config }, { trace: counting });
    const storage = Object.values(recorded(trace!).counts);
    const sum = (direction: 'loads' | 'stores') => storage.reduce((total, count) => total + count[direction], 0);
    return [sum('loads'), sum('stores')];
  };
  // n = 128, d = 16, 16 × 16: standard 73728, lse apart; flash-v1 with its initialisation of out, l and m; flash-v2.
  const [standardLoads, standardStores] = await measured('standard', 128, 16, 16);
  expect(standardLoads! + standardStores!).toBe(73728 + 128);
  expect(await measured('flash-v1', 128, 16, 16)).toEqual([38912, 18432 + 128 * 16 + 2 * 128]);
  expect(await measured('flash-v2', 128, 16, 16)).toEqual([34816, 2176]);
  expect(await measured('flash-v2', 128, 16, 16, true)).toEqual([20480, 2176]);
  // n = 256, d = 32, 32 × 32.
  const [loads, stores] = await measured('standard', 256, 32, 32);
  expect(loads! + stores!).toBe(294912 + 256);
  expect(await measured('flash-v2', 256, 32, 32)).toEqual([139264, 8448]);
});

/** The latest tile probe of a step's workgroup at or before that step: what every view draws tiles from. */
function tilesByStep(trace: Trace): Map<number, { batch: number; head: number; q0: number; k0: number }> {
  const probe = Object.fromEntries(trace.probes!.map((each) => [each.name, each]));
  const starts = new Map<number, { batch: number; head: number; q0: number; k0: number }>();
  probe.q0!.step.forEach((step, index) => {
    const [batch, head, q0, k0] = ['batch', 'head', 'q0', 'k0'].map((name) => probe[name]!.values[index]!);
    starts.set(step, { batch: batch!, head: head!, q0: q0!, k0: k0! });
  });
  const current = new Map<string, { batch: number; head: number; q0: number; k0: number }>();
  const tiles = new Map<number, { batch: number; head: number; q0: number; k0: number }>();
  trace.steps.forEach(({ dispatch, workgroup }, index) => {
    const key = `${dispatch} ${workgroup}`;
    const started = starts.get(index);
    if (started) current.set(key, started);
    const tile = current.get(key);
    if (tile) tiles.set(index, tile);
  });
  return tiles;
}

describe.each(['flash-v1', 'flash-v2', 'flash-v2-block-sparse'])('%s', (variant) => {
  test('m, l and the rescale factor recorded at each fold are those of float64', async () => {
    for (const raw of [
      { batch: 2, heads: 2, kvHeads: 1, nq: 21, nk: 37, headDim: 8, br: 8, bc: 16 },
      { nq: 30, nk: 23, headDim: 16, br: 16, bc: 8, causal: true },
      { nq: 24, nk: 24, headDim: 8, br: 8, bc: 16, windowLeft: 3, windowRight: 2, softcap: 3 },
      { batch: 2, nq: 9, nk: 40, headDim: 8, br: 8, bc: 16, packed: true, seqlensQ: [9, 3], seqlensK: [40, 17] },
    ]) {
      const config = attention.resolve(raw) as AttentionConfig;
      const { trace } = await engine.run({ mechanism: 'attention', variant, config: raw }, { trace: true });
      const inputs = attention.makeInputs(config, 1);
      const tiles = tilesByStep(trace!);
      const probe = Object.fromEntries(trace!.probes!.map((each) => [each.name, each]));
      const before = new Map<string, number>();
      let worst = 0;
      probe.row!.step.forEach((step, index) => {
        const tile = tiles.get(step)!;
        const [row, m, l, rescale] = ['row', 'm', 'l', 'rescale'].map((name) => probe[name]!.values[index]!);
        const place = { batch: tile.batch, head: tile.head, row: row! };
        const exact = prefixStatistics(config, inputs, place, tile.k0 + config.bc);
        const key = `${tile.batch} ${tile.head} ${row}`;
        const earlier = before.get(key) ?? -Infinity;
        before.set(key, exact.m);
        if (exact.m === -Infinity) {
          expect([m, l]).toEqual([Math.fround(-1e30), 0]);
          return;
        }
        worst = Math.max(
          worst,
          Math.abs(m! - exact.m),
          Math.abs(l! - exact.l),
          Math.abs(rescale! - Math.exp(earlier - exact.m)),
        );
      });
      // One fold per query row and tile: rows of visited tiles, worked out from the probes of the tiles themselves.
      const folds = [...probe.q0!.values].reduce((sum, q0, index) => {
        const rows = config.seqlensQ[probe.batch!.values[index]!]! - q0;
        return sum + Math.min(config.br, rows);
      }, 0);
      expect(probe.row!.values.length).toBe(folds);
      expect(folds).toBeGreaterThan(20);
      expect(worst).toBeLessThanOrEqual(1e-5);
    }
  });
});

describe.each(variantIds)('%s', (variant) => {
  test('the steps add up to the totals, and every step of the kernels is described', async () => {
    // The tiles of the test before, whose kernels are compiled.
    const config = { heads: 2, nq: 40, nk: 36, headDim: 16, br: 16, bc: 8, causal: true };
    const { trace } = await engine.run({ mechanism: 'attention', variant, config }, { trace: true });
    expect(trace!.truncated).toBe(false);
    const sums = trace!.totals.map(() => ({ loads: 0, stores: 0 }));
    for (const { accesses } of trace!.steps) {
      for (const { buffer, loads, stores } of accesses) {
        sums[buffer]!.loads += loads;
        sums[buffer]!.stores += stores;
      }
    }
    expect(sums).toEqual(trace!.totals.map(({ loads, stores }) => ({ loads, stores })));
    const names = new Set(trace!.steps.map(({ name }) => name));
    for (const name of names) expect(attention.steps.map(({ id }) => id)).toContain(name);
    expect(names.size).toBeGreaterThanOrEqual(5);
  });

  test('every word of q is read, every word of out written', async () => {
    const config = { heads: 2, nq: 19, nk: 36, headDim: 12, br: 5, bc: 7 };
    const { trace } = await engine.run({ mechanism: 'attention', variant, config }, { trace: true });
    const total = (name: string) => trace!.totals.find(({ buffer }) => buffer === name)!;
    expect([total('q').uniqueLoaded, total('k').uniqueLoaded, total('v').uniqueLoaded]).toEqual([456, 864, 864]);
    expect([total('out').uniqueStored, total('lse').uniqueStored]).toEqual([456, 38]);
  });
});

describe('planted faults', () => {
  const config = { nq: 40, nk: 48, headDim: 16, br: 16, bc: 16 };
  const resolved = attention.resolve(config) as AttentionConfig;
  const file = 'flash-v2.wgsl';
  const source = attention.variants.find(({ id }) => id === 'flash-v2')!.kernels[0]!.wgsl;

  async function runEdited(from: string, to: string) {
    const edited = source.replace(from, to);
    expect(edited).not.toBe(source);
    const experiment = { mechanism: 'attention', variant: 'flash-v2', config, sources: { [file]: edited } };
    const { trace, outputs } = await engine.run(experiment, { trace: true });
    const { out } = attention.reference(resolved, attention.makeInputs(resolved, 1));
    const error = Math.max(...out!.data.map((value, index) => Math.abs(value - outputs.out!.data[index]!)));
    const exact = closedForm('flash-v2', resolved);
    return { counted: recorded(trace!, exact.events), exact, error };
  }

  test('a skipped key tile: fewer loads, one tile less per query tile, wrong output', async () => {
    const { counted, exact, error } = await runEdited(
      '    //: load-kv\n',
      '    if (k0 == BC) { continue; }\n    //: load-kv\n',
    );
    expect(exact.events.tiles! - counted.events.tiles!).toBe(3);
    expect(exact.counts.k!.loads - counted.counts.k!.loads).toBe(3 * 16 * 16);
    expect(error).toBeGreaterThan(1e-2);
  });

  test('a tile read twice: more loads, right output', async () => {
    const { counted, exact, error } = await runEdited(
      '      v_tile[i] = v[at];\n',
      '      v_tile[i] = v[at];\n      if (k0 == 0u) { v_tile[i] = v[at]; }\n',
    );
    expect(counted.counts.v!.loads - exact.counts.v!.loads).toBe(3 * 16 * 16);
    expect(counted.counts.k).toEqual(exact.counts.k);
    expect(error).toBeLessThan(1e-5);
  });

  test('a dropped rescale: the same loads, wrong output', async () => {
    const { counted, exact, error } = await runEdited('rescale = exp(m - m_new);', 'rescale = 1.0;');
    expect(counted).toEqual(exact);
    expect(error).toBeGreaterThan(1e-2);
  });
});
