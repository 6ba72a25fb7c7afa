// A kernel that reads or writes far past a tensor says so: at which line, in which workgroups, how often. Its counts alone would not.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { attention } from './index.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const FILE = 'flash-v2.wgsl';
const SHIPPED = attention.variants.find(({ id }) => id === 'flash-v2')!.kernels[0]!.wgsl;
const config = { batch: 1, heads: 1, kvHeads: 1, nq: 16, nk: 16, headDim: 8, br: 8, bc: 8 };

async function recorded(from: string, to: string) {
  expect(SHIPPED.split(from).length, `${from} stands in the kernel once`).toBe(2);
  const sources = { [FILE]: SHIPPED.replace(from, to) };
  const { trace } = await engine.run({ mechanism: 'attention', variant: 'flash-v2', config, sources }, { trace: true });
  const line = SHIPPED.slice(0, SHIPPED.indexOf(from)).split('\n').length;
  return { trace: trace!, line };
}

test('every load of V past its end', async () => {
  const { trace, line } = await recorded('v_tile[i] = v[at];', 'v_tile[i] = v[at + 1000000u];');
  // Each of two tiles of queries loads all of V.
  const row = { dispatch: 0, buffer: 'v', line, loads: 16 * 8, stores: 0, atomics: 0 };
  expect(trace.outOfBounds).toEqual([
    { ...row, workgroup: 0 },
    { ...row, workgroup: 1 },
  ]);
  // What is counted is what was asked for, so that bytes alone say nothing of it.
  expect(trace.totals.find(({ buffer }) => buffer === 'v')).toMatchObject({ loads: 2 * 16 * 8, uniqueLoaded: 1 });
});

test('every store of the output past its end: all but the last element are never written', async () => {
  const { trace, line } = await recorded('out[(out_row', 'out[500000u + (out_row');
  const row = { dispatch: 0, buffer: 'out', line, loads: 0, stores: 8 * 8, atomics: 0 };
  expect(trace.outOfBounds).toEqual([
    { ...row, workgroup: 0 },
    { ...row, workgroup: 1 },
  ]);
  const stored = trace.touches!.find(({ buffer }) => buffer === 'out')!.stores;
  expect(stored.findIndex((count) => count > 0)).toBe(16 * 8 - 1);
});

test.each(attention.presets.filter(({ config: { nq = 0 } }) => Number(nq) <= 128))(
  'the preset $id stays within its buffers',
  async (preset) => {
    const { variant, config: raw } = preset;
    const { trace } = await engine.run({ mechanism: 'attention', variant, config: raw }, { trace: { steps: false } });
    expect(trace!.outOfBounds).toEqual([]);
  },
);
