import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { selectiveStateUpdate } from './selective-state-update.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

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
