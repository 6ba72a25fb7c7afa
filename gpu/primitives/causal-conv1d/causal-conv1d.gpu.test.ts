import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { causalConv1d } from './causal-conv1d.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('direct equals float64 for every width, lengths around it, with and without states', async () => {
  for (const width of [1, 2, 3, 4]) {
    for (const seqlen of [1, 2, 3, 4, 5, 63, 64, 65, 131]) {
      const raw = { batch: 2, dim: 3, seqlen, width, hasInitialStates: seqlen % 2 === 0, hasBias: width !== 2 };
      expect(await relativeError(engine, causalConv1d, 'direct', raw), JSON.stringify(raw)).toBeLessThan(1e-6);
    }
  }
});

test('update equals float64 for rolling and circular states longer than the filter, and several new steps', async () => {
  for (const circular of [false, true]) {
    for (const [stateLen, seqlen] of [
      [3, 1],
      [3, 2],
      [4, 4],
      [7, 3],
      [7, 1],
      [3, 5],
    ]) {
      const raw = { batch: 3, dim: 5, seqlen, width: 4, stateLen, circular, step: true };
      expect(await relativeError(engine, causalConv1d, 'update', raw), JSON.stringify(raw)).toBeLessThan(1e-6);
    }
  }
});

test('token by token with the kept states equals the whole sequence', async () => {
  const whole = causalConv1d.resolve({ batch: 1, dim: 4, seqlen: 9, width: 4 });
  const { x, weight, bias } = causalConv1d.makeInputs(whole, 2) as Record<'x' | 'weight' | 'bias', never>;
  const { out } = causalConv1d.reference(whole, { x, weight, bias });
  const session = await engine.open(
    { mechanism: 'causal-conv1d', variant: 'update', config: {} },
    {
      inputs: {
        x: { dtype: 'f32', shape: [1, 4, 1], data: new Float32Array(4) },
        conv_state: { dtype: 'f32', shape: [1, 4, 3], data: new Float32Array(12) },
        weight,
        bias,
      },
    },
  );
  const tokens = (x as { data: Float32Array }).data;
  for (let t = 0; t < 9; t++) {
    const data = Float32Array.from({ length: 4 }, (_, d) => tokens[d * 9 + t]!);
    const run = await session.run('run', { inputs: { x: { dtype: 'f32', shape: [1, 4, 1], data } } });
    run.outputs.out!.data.forEach((value, d) => {
      expect(value).toBeCloseTo(out!.data[d * 9 + t]!, 5);
    });
  }
  session.dispose();
});
