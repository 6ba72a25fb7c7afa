import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { linear } from './linear.ts';
import { ACTIVATIONS, activations } from './reference.ts';

test('the reference maps by hand-checked numbers', () => {
  const inputs = {
    x: tensor('f32', [2, 3], [1, 2, 3, 4, 5, 6]),
    weight: tensor('f32', [2, 3], [1, 0, -1, 2, 1, 0]),
    bias: tensor('f32', [2], [1, -20]),
    gate: tensor('f32', [2, 2], [1, 2, 3, 4]),
    residual: tensor('f32', [2, 2], [100, 200, 300, 400]),
  };
  const { y } = linear.reference(linear.resolve({ activation: 'relu' }, inputs), inputs);
  // 1 − 3 + 1 = −1 and 2 + 2 − 20 < 0; 4 − 6 + 1 = −1 and 8 + 5 − 20 < 0: all cut off
  expect(Array.from(y!.data)).toEqual([100, 200, 300, 400]);
  const plain = linear.reference(linear.resolve({}, inputs), inputs).y!;
  expect(Array.from(plain.data)).toEqual([-1 + 100, -16 * 2 + 200, -1 * 3 + 300, -7 * 4 + 400]);
});

test('activations equal published values', () => {
  // erf(1/√2) = 0.682689492137 (the share within one standard deviation): GELU(1) = (1 + erf) / 2.
  expect(activations.gelu(1)).toBeCloseTo(0.8413447460685429, 12);
  expect(activations.gelu(-4)).toBeCloseTo(-4 * 3.167124183311998e-5, 12);
  expect(activations['gelu-tanh'](1)).toBeCloseTo(0.8411919906082768, 12);
  expect(activations.silu(1)).toBeCloseTo(0.7310585786300049, 12);
  expect(ACTIVATIONS.map((name) => activations[name](-2))).toEqual([
    -2,
    0,
    0,
    expect.any(Number),
    expect.any(Number),
    expect.any(Number),
  ]);
});

test.each([
  ['linear-tiled.wgsl', { TILE: 4, ROWS: 1 }, [2, 2, 1]],
  ['linear-row.wgsl', { LANES: 32, TEAM: 4 }, [1, 5, 1]],
] as const)('%s has no race, and each of its barriers is needed', (file, constants, workgroups) => {
  const { wgsl } = linear.variants.flatMap(({ kernels }) => kernels).find((kernel) => kernel.file === file)!;
  const run = (text: string) =>
    countRaces({
      wgsl: text,
      constants: { ...constants, HAS_BIAS: true, HAS_GATE: false, HAS_RESIDUAL: false, ACTIVATION: 1 },
      bindings: {
        0: Float32Array.from({ length: 5 * 9 }, (_, i) => i % 7),
        1: Float32Array.from({ length: 6 * 9 }, (_, i) => i % 5),
        2: new Float32Array(6),
        3: new Float32Array(1),
        4: new Float32Array(1),
        5: new Float32Array(5 * 6),
        6: { uniform: Uint32Array.of(5, 9, 6, 0, 9, 0, 0, 0) },
      },
      workgroups: [...workgroups],
    });
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(2);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});
