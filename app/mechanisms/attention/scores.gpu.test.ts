// The scores on screen are those of the run: at any step every drawn weight is the softmax over what the row has taken in so far.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { scoresOfRow } from '#gpu/mechanisms/attention/testing/prefix.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { scoresAt } from './scores.ts';
import { scoresView } from './scores-view.ts';
import { attentionNames } from './testing/names.ts';
import { edit, kernelSource, recordRun } from './testing/record-run.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

const TOLERANCE = 1e-5;
const end = ({ trace }: Recording) => trace.steps.length;
const SMALL = { heads: 1, nq: 24, nk: 24, headDim: 8, br: 8, bc: 8 };

/** Softmax over the keys that folds before `tick` have taken in, as the recorded tiles say; NaN for the others. */
function prefixWeights(
  recording: Recording,
  place: { batch: number; head: number; row: number },
  tick: number,
): { weights: Float64Array; taken: number } {
  const config = resolveConfig(recording.config, recording.inputs);
  const scores = scoresOfRow(config, recording.inputs, place);
  const { folds, tileColumns } = tileIndexOf(recording);
  const [from, to] = foldsOfRow(folds, place.batch, place.head, place.row);
  const taken = new Set<number>();
  for (let i = from; i < to; i++) {
    if (folds.step[i]! >= tick) continue;
    const wide = recording.variant === 'standard' ? scores.length : Math.max(...tileColumns);
    for (let key = folds.k0[i]!; key < Math.min(folds.k0[i]! + wide, scores.length); key++) taken.add(key);
  }
  const most = Math.max(...[...taken].map((key) => scores[key]!));
  let sum = 0;
  for (const key of taken) sum += most === -Infinity ? 0 : Math.exp(scores[key]! - most);
  const weights = scores.map((score, key) => {
    if (!taken.has(key)) return Number.NaN;
    return sum === 0 ? 0 : Math.exp(score - most) / sum;
  });
  return { weights, taken: taken.size };
}

const CASES: [string, object][] = [
  ['standard', { ...SMALL, heads: 2, kvHeads: 1 }],
  ['standard', { ...SMALL, causal: true, nq: 17 }],
  ['flash-v1', { ...SMALL, causal: true }],
  ['flash-v1', { ...SMALL, heads: 2, kvHeads: 1, nk: 29 }],
  ['flash-v2', { ...SMALL, heads: 4, kvHeads: 2, nq: 9, nk: 31 }],
  ['flash-v2', { ...SMALL, causal: true, softcap: 3, windowLeft: 9 }],
  ['flash-v2', { ...SMALL, batch: 2, seqlensQ: [24, 7], seqlensK: [11, 24] }],
  ['flash-v2-block-sparse', { ...SMALL, nq: 32, nk: 32, pattern: 'local-global' }],
  ['flash-v2-block-sparse', { ...SMALL, causal: true, blockRows: 8, blockCols: 4, pattern: 'diagonal' }],
];

describe.each(CASES)('%s %o', (variant, config) => {
  test('every weight at every sampled step is the softmax of what was folded in, and every score is the row’s', async () => {
    const recording = await recordRun(engine, { variant, config: config as never, details: true });
    expect(recording.trace.matchesPlain).toBe(true);
    expect(recording.trace.truncated).toBe(false);
    const resolved = resolveConfig(recording.config, recording.inputs);
    const { batch = 1, heads = 1 } = recording.config as { batch?: number; heads?: number };
    const steps = end(recording);
    const ticks = [0, 1, ...Array.from({ length: 9 }, (_, i) => Math.round((steps * (i + 1)) / 10)), steps];
    let compared = 0;
    for (const tick of ticks) {
      for (let sequence = 0; sequence < batch; sequence++)
        for (let head = 0; head < heads; head++) {
          const made = scoresAt(recording, { batch: sequence, head }, tick)!;
          for (let row = 0; row < made.rows; row++) {
            const place = { batch: sequence, head, row };
            const exact = scoresOfRow(resolved, recording.inputs, place);
            const { weights } = prefixWeights(recording, place, tick);
            for (let key = 0; key < made.keys; key++) {
              const [score, weight] = [made.scores[row * made.keys + key]!, made.weights[row * made.keys + key]!];
              const at = `row ${row} key ${key} tick ${tick}`;
              const hidden = exact[key] === -Infinity;
              const folded = !hidden && !Number.isNaN(weights[key]!);
              if (hidden && score > -Infinity) expect(score, `hidden: ${at}`).toBe(-Infinity);
              if (!hidden && !Number.isNaN(score)) expect(Math.abs(score - exact[key]!), at).toBeLessThan(TOLERANCE);
              // What a kernel never touches, a hidden key of a flash kernel's tile, has no weight to compare; what was folded in has one.
              if (folded && Number.isNaN(score)) expect(score, at).toBe(exact[key]);
              if (folded && Number.isNaN(weight)) expect(weight, at).toBe(weights[key]);
              if (Number.isNaN(weight)) continue;
              expect(Math.abs(weight - weights[key]!), at).toBeLessThan(TOLERANCE);
              compared += 1;
            }
          }
        }
    }
    expect(compared).toBeGreaterThan(200);
    const whole = scoresAt(recording, { batch: 0, head: 0 }, steps)!;
    expect(scoresAt(recording, { batch: 0, head: 0 }, 0)!.scored).toBe(0);
    for (let row = 0; row < whole.rows; row++) {
      const own = whole.weights.subarray(row * whole.keys, (row + 1) * whole.keys);
      const sum = own.reduce((all, value) => all + (Number.isNaN(value) ? 0 : value), 0);
      const exact = scoresOfRow(resolved, recording.inputs, { batch: 0, head: 0, row });
      const wanted = exact.every((score) => score === -Infinity) ? 0 : 1;
      expect(Math.abs(sum - wanted), `row ${row} sums to ${sum}`).toBeLessThan(TOLERANCE);
    }
  });
});

test('a kernel that drops a tile has no weights there', async () => {
  const file = 'flash-v2.wgsl';
  const sources = { [file]: edit(kernelSource(file), 'k0 < k_end; k0 += BC)', 'k0 < k_end - BC; k0 += BC)') };
  const recording = await recordRun(engine, { config: SMALL, sources, details: true });
  const { keys, weights, scores } = scoresAt(recording, { batch: 0, head: 0 }, end(recording))!;
  expect(Number.isNaN(weights[5 * keys + 20]!)).toBe(true);
  expect(Number.isNaN(scores[5 * keys + 20]!)).toBe(true);
  expect(weights[5 * keys + 3]).toBeGreaterThan(0);
});

describe('what is said', () => {
  const said = (recording: Recording, at: object, tick = end(recording)) => {
    const place = { kind: 'at', at: { batch: 0, head: 0, ...at } } as const;
    const state = { run: recording, tick, place, others: [], names: attentionNames };
    const scene = scoresView.scene(state);
    return {
      words: scoresView.words(scene, state),
      status: scoresView.status(scene, state),
      rows: scoresView.table(scene, state).rows,
    };
  };

  test.each(['standard', 'flash-v2'])(
    '%s: of a query that sees no key that, and not what it attends to',
    async (variant) => {
      // 24 queries, 8 keys, causal from the bottom right: the first sixteen queries see none.
      const recording = await recordRun(engine, { variant, config: { ...SMALL, nk: 8, causal: true }, details: true });
      const { words, status, rows } = said(recording, { row: 3, key: 5 });
      expect(words).toBe(
        'Head 1: 36 of 36 scores computed, 156 hidden by the mask; the mask hides every key from query 3.',
      );
      expect(status).toMatch(/^query 3, key 5: S hidden, P (hidden|0)/);
      expect(rows[3 * 8 + 5]!.slice(0, 3)).toEqual([3, 5, 'hidden']);
      expect(rows.filter(([, , score]) => score === 'hidden')).toHaveLength(156);
      expect(rows.every((row) => row[2] !== '' && row[3] !== '')).toBe(true);
      expect(said(recording, { row: 20 }).words).toMatch(
        /; query 20 attends most to [0-4], with 0\.\d+ of its attention\.$/,
      );
      expect(said(recording, { row: 20 }, 0).words).toBe('Head 1: no score yet.');
    },
  );

  test('of a sequence without queries that, and of one whose mask hides everything that', async () => {
    const config = { ...SMALL, batch: 2, seqlensQ: [24, 0], seqlensK: [24, 24] };
    const recording = await recordRun(engine, { config, details: true });
    expect(said(recording, { batch: 1 }).words).toBe(
      'Head 1: this sequence has no queries, so there is nothing to score.',
    );
    expect(said(recording, { batch: 1 }).rows).toEqual([]);
    const shut = await recordRun(engine, {
      variant: 'flash-v2-block-sparse',
      config: { ...SMALL, blockRows: 8, blockCols: 8, blockmask: Array(9).fill(0) },
      details: true,
    });
    expect(scoresView.nothing!(shut)).toBeNull();
    expect(said(shut, { row: 0 }).words).toBe('Head 1: the mask hides every key from every query.');
    expect(said(shut, { row: 0, key: 2 }).status).toMatch(/^query 0, key 2: S hidden, P hidden/);
  });
});

test('a run that was not asked for details has none, and is the same run', async () => {
  const [plain, detailed] = [
    await recordRun(engine, { config: SMALL }),
    await recordRun(engine, { config: SMALL, details: true }),
  ];
  expect(scoresAt(plain, { batch: 0, head: 0 }, end(plain))).toBeNull();
  expect(detailed.outputs.out!.data).toEqual(plain.outputs.out!.data);
  expect(detailed.trace.totals).toEqual(plain.trace.totals);
  expect(detailed.trace.operations).toEqual(plain.trace.operations);
});
