// What a row of the study consists of, told apart by numbers that no two of its parts share. What real Sessions hold and read is tested in
// growth.gpu.test.ts.

import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Experiment } from '#gpu/runtime/api.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { StudyEngine, StudyRow } from '../exhibit/study.ts';
import { growthStudy } from './growth.ts';

const SIZES = { batch: 2, dim: 6, dstate: 3, deltaRank: 1, width: 2, outDim: 4, seqlen: 8 };
/** Bytes of a Session's buffers, and what a step loads of each and stores there. */
const BYTES: Record<string, number> = { conv_state: 1, ssm_state: 2, k: 4, v: 8, weights: 16, tile: 32 };
const LOADS: Record<string, number> = { conv_state: 100, ssm_state: 200, k: 400, v: 800, weights: 1600, tile: 3200 };
const STORES: Record<string, number> = { conv_state: 1e4, ssm_state: 2e4, k: 4e4, v: 8e4, weights: 16e4, tile: 32e4 };

function tracedWith(names: readonly string[]) {
  return {
    buffers: names.map((name) => ({ name, space: name === 'tile' ? 'workgroup' : 'storage' })),
    totals: names.map((buffer) => ({ buffer, loadBytes: LOADS[buffer]!, storeBytes: STORES[buffer]! })),
  };
}

const engine = {
  async open({ mechanism }: Experiment) {
    const names =
      mechanism === 'attention' ? ['k', 'v', 'weights', 'tile'] : ['conv_state', 'ssm_state', 'weights', 'tile'];
    const out = { dtype: 'f32', shape: [1], data: Float32Array.of(1) };
    return {
      bytes: BYTES,
      run: async () => ({ outputs: { out }, trace: tracedWith(names), warnings: [] }),
      dispose() {},
    };
  },
} as unknown as StudyEngine;

test('kept are the caches alone; read and written is what the step did in storage, its part of the caches apart', async () => {
  const mechanism = mechanisms.get('mamba-block')!;
  const recording = {
    mechanism: 'mamba-block',
    variant: 'fused',
    config: mechanism.resolve(SIZES),
    kernels: [],
    edited: [],
  } as Partial<Recording> as Recording;
  const rows: StudyRow[] = [];
  await growthStudy.run(engine, new AbortController().signal, (row) => rows.push(row), recording);
  const [state, cache] = rows as [StudyRow, StudyRow];
  const told = (row: StudyRow) => growthStudy.columns.map(({ title, id }) => [title, row[id]]);
  expect(told(state)).toEqual([
    ['Tokens', 4],
    ['Mechanism', mechanism.title],
    ['Keeps', 'state'],
    ['Kept', 3],
    ['Closed form', 4 * 6 * (3 + 1)],
    ['Read of it by a step', 300],
    ['Read in all', 1900],
    ['Written', 19e4],
  ]);
  expect(told(cache)).toEqual([
    ['Tokens', 4],
    ['Mechanism', mechanisms.get('attention')!.title],
    ['Keeps', 'KV cache'],
    ['Kept', 12],
    ['Closed form', 2 * 4 * 4 * 4],
    ['Read of it by a step', 1200],
    ['Read in all', 2800],
    ['Written', 28e4],
  ]);
  expect(rows.map(({ width, own }) => [width, own])).toEqual(rows.map(() => [4, 8]));
});
