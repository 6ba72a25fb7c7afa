import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { seqPool } from './seq-pool.ts';

const x = tensor('f32', [1, 3, 2], [0, 10, Math.log(2), 20, Math.log(5), 30]);
const weight = tensor('f32', [2], [1, 0]);

test('the reference weighs hand-checked rows', () => {
  // Scores 0, ln 2 and ln 5: weights 1/8, 2/8, 5/8.
  const inputs = { x, weight, bias: tensor('f32', [1], [4]) };
  const { scores, weights, out } = seqPool.reference(seqPool.resolve({}, inputs), inputs);
  expect(scores!.data[1]).toBeCloseTo(4 + Math.log(2), 6);
  expect(Array.from(weights!.data, (share) => Math.round(share * 1e6) / 1e6)).toEqual([0.125, 0.25, 0.625]);
  expect(out!.data[1]).toBeCloseTo(10 / 8 + 40 / 8 + 150 / 8, 6);
});

test('weights add up to 1 and do not feel the bias', () => {
  const config = { batch: 2, tokens: 9, width: 5 };
  const inputs = seqPool.makeInputs(seqPool.resolve({ ...config, hasBias: true }), 3);
  const weights = (given: typeof inputs) =>
    Array.from(seqPool.reference(seqPool.resolve({}, given), given).weights!.data);
  const { bias: _bias, ...without } = inputs;
  const found = weights(inputs);
  for (const [i, share] of weights(without).entries()) expect(found[i]).toBeCloseTo(share, 12);
  for (const first of [0, 9])
    expect(found.slice(first, first + 9).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
});

test('no two lanes race, and without any one barrier some do', () => {
  const { wgsl } = seqPool.variants[0]!.kernels.find(({ file }) => file === 'pool-weights.wgsl')!;
  const run = (text: string) =>
    countRaces({
      wgsl: text,
      constants: { LANES: 8, HAS_BIAS: true },
      bindings: {
        0: Float32Array.from({ length: 11 * 3 }, (_, i) => (i % 7) / 7),
        1: Float32Array.of(1, -1, 2),
        2: new Float32Array(1),
        3: new Float32Array(11),
        4: new Float32Array(11),
        5: { uniform: Uint32Array.of(3, 11) },
      },
      workgroups: [1, 1, 1],
    });
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(4);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});
