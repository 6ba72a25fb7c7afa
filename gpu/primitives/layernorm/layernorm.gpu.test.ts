import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { largestError } from '../../testing/primitive-error.ts';
import { expectRecordedTotals } from '../../testing/recorded-totals.ts';
import { layernorm } from './index.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('rows of 1, a prime, lanes − 1, lanes, lanes + 1 and many elements equal the float64 reference', async () => {
  for (const width of [1, 2, 13, 63, 64, 65, 256, 1000]) {
    for (const rows of [1, 7]) {
      const error = await largestError(engine, layernorm, { rows, width, epsilon: 1e-3 });
      expect(error, `${rows} × ${width}`).toBeLessThan(1e-5);
    }
  }
});

test('every number of lanes gives the same rows', async () => {
  for (const lanes of [16, 32, 64, 128, 256]) {
    expect(await largestError(engine, layernorm, { rows: 3, width: 101, lanes }), `${lanes}`).toBeLessThan(1e-5);
  }
});

test('a large mean does not drown a small deviation', async () => {
  const width = 100;
  const x = tensor(
    'f32',
    [1, width],
    Array.from({ length: width }, (_, i) => 4096 + i / 8),
  );
  const scale = tensor('f32', [width], new Array(width).fill(1));
  const bias = tensor('f32', [width], new Array(width).fill(0));
  // E[x²] − mean² would lose everything here: 4096² needs 24 bits, the variance is 13.
  expect(await largestError(engine, layernorm, {}, { x, scale, bias })).toBeLessThan(1e-3);
});

test('a constant row gives the bias', async () => {
  const x = tensor('f32', [2, 65], new Array(130).fill(3.25));
  const scale = tensor('f32', [65], new Array(65).fill(2));
  const bias = tensor(
    'f32',
    [65],
    Float32Array.from({ length: 65 }, (_, i) => i),
  );
  const { outputs } = await engine.run(
    { mechanism: 'layernorm', variant: 'two-pass', config: {} },
    { inputs: { x, scale, bias } },
  );
  expect(Array.from(outputs.out!.data)).toEqual([...bias.data, ...bias.data]);
});

test('the recorder counts what the closed form says', async () => {
  const configs = [
    { rows: 1, width: 1 },
    { rows: 3, width: 65 },
    { rows: 5, width: 256, lanes: 32 },
    { rows: 2, width: 7, lanes: 16 },
  ];
  for (const config of configs) await expectRecordedTotals(engine, layernorm, config);
});
