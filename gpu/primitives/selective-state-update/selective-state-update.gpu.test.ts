import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { expectGolden, type GoldenManifest, loadGolden, runGolden } from '../../testing/golden-cases.ts';
import { expectRecordedTotals } from '../../testing/recorded-totals.ts';
import { relativeError } from '../../testing/relative-error.ts';
import manifest from './fixtures/mamba_state_update/manifest.json';
import { selectiveStateUpdate } from './index.ts';

const files = import.meta.glob<string>('./fixtures/*/*.bin', { query: '?url&inline', import: 'default', eager: true });

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('the kernel equals the golden outputs, and so does the reference', async () => {
  const cases = await loadGolden(manifest as unknown as GoldenManifest, files);
  for (const golden of cases) {
    const config = { dtSoftplus: golden.params.dt_softplus };
    const resolved = selectiveStateUpdate.resolve(config, golden.inputs);
    expectGolden(`${golden.id} reference`, selectiveStateUpdate.reference(resolved, golden.inputs), golden.outputs);
    await runGolden(engine, 'selective-state-update', 'direct', config, golden);
  }
  console.log(`golden: ${cases.length} cases of the state update passed`);
  expect(cases.length).toBe(2);
});

test('the kernel equals float64 with and without heads, groups, gate, skip, bias and softplus', async () => {
  for (const [heads, groups] of [
    [0, 0],
    [0, 2],
    [4, 0],
    [4, 1],
    [4, 2],
    [6, 3],
  ]) {
    for (const dstate of [1, 3, 16, 64]) {
      for (const all of [true, false]) {
        const raw = {
          batch: 2,
          dim: 10,
          dstate,
          ...(heads && { heads }),
          ...(groups && { groups }),
          hasD: all,
          hasZ: all,
          hasDtBias: all,
          dtSoftplus: all,
          discretization: all ? 'zoh' : 'euler',
        };
        const error = await relativeError(engine, selectiveStateUpdate, 'direct', raw);
        expect(error, JSON.stringify(raw)).toBeLessThan(3e-6);
      }
    }
  }
});

test('softplus keeps the digits of small steps', async () => {
  const raw = { batch: 2, dim: 10, dstate: 4, hasD: false, hasZ: false, hasDtBias: false, dtSoftplus: true };
  for (const dt of [-4, -7, -12, -18]) {
    const inputs = selectiveStateUpdate.makeInputs(selectiveStateUpdate.resolve(raw), 3);
    inputs.dt!.data.fill(dt);
    inputs.state!.data.fill(0);
    expect(await relativeError(engine, selectiveStateUpdate, 'direct', raw, inputs), `${dt}`).toBeLessThan(2e-6);
  }
});

test('recorded totals equal the closed form', async () => {
  for (const raw of [
    { batch: 2, dim: 5, dstate: 3 },
    { batch: 1, dim: 7, heads: 4, groups: 2, dstate: 3 },
    { batch: 1, dim: 40, dstate: 3, hasD: false, hasZ: false, hasDtBias: false },
  ]) {
    await expectRecordedTotals(engine, selectiveStateUpdate, raw);
  }
});
