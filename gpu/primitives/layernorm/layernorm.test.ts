import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { layernorm } from './layernorm.ts';

const LIMITS = { maxComputeWorkgroupStorageSize: 16384, maxComputeInvocationsPerWorkgroup: 256 };
const ones = (width: number) => tensor('f32', [width], new Array(width).fill(1));
const zeros = (width: number) => tensor('f32', [width], new Array(width).fill(0));

test('the reference normalises a hand-checked row', () => {
  const inputs = {
    x: tensor('f32', [1, 4], [1, 3, 5, 7]),
    scale: tensor('f32', [4], [1, 2, 1, 1]),
    bias: tensor('f32', [4], [0, 0, 10, 0]),
  };
  // Mean 4, deviations −3 −1 1 3, variance (9 + 1 + 1 + 9) / 4 = 5; with epsilon 4 in the tests' config the root is 3.
  const config = { ...layernorm.resolve({}, inputs), epsilon: 4 };
  const { out } = layernorm.reference(config, inputs);
  expect(Array.from(out!.data)).toEqual([-1, -2 / 3, 10 + 1 / 3, 1]);
});

test('a normalised row has mean 0 and variance 1, and does not feel a shift or a factor', () => {
  const row = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(row, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -50, max: 50 }), (values, factor, shift) => {
      const width = values.length;
      fc.pre(Math.max(...values) - Math.min(...values) > 1);
      const normalise = (x: number[]) => {
        const inputs = { x: tensor('f32', [1, width], x), scale: ones(width), bias: zeros(width) };
        const { out } = layernorm.reference(layernorm.resolve({ epsilon: 1e-12 }, inputs), inputs);
        return Array.from(out!.data);
      };
      const plain = normalise(values);
      expect(plain.reduce((sum, value) => sum + value, 0) / width).toBeCloseTo(0, 9);
      expect(plain.reduce((sum, value) => sum + value ** 2, 0) / width).toBeCloseTo(1, 9);
      const moved = normalise(values.map((value) => value * factor + shift));
      for (const [i, value] of plain.entries()) expect(moved[i]).toBeCloseTo(value, 3);
    }),
  );
});

test('a row too wide for workgroup memory is refused by name', () => {
  const widest = 16384 / 4 - 64;
  const at = (width: number) => () => layernorm.plan('two-pass', layernorm.resolve({ rows: 1, width }), LIMITS);
  expect(at(widest)().passes).toHaveLength(1);
  const refusal = { code: 'limit-exceeded', field: 'width', limit: { maxComputeWorkgroupStorageSize: 16384 } };
  expect(at(widest + 1)).toThrow(expect.objectContaining(refusal));
});

test('shapes that disagree and bad values are named', () => {
  const x = tensor('f32', [1, 4], [1, 2, 3, 4]);
  const mismatch = { code: 'shape-mismatch', field: 'width', value: 3, limit: 4 };
  expect(() => layernorm.resolve({}, { x, scale: ones(3), bias: ones(4) })).toThrow(expect.objectContaining(mismatch));
  expect(() => layernorm.resolve({ rows: 1, width: 1, epsilon: 0 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'epsilon', value: 0 }),
  );
});

test('no two lanes race, and without any one barrier some do', () => {
  const run = (wgsl: string) =>
    countRaces({
      wgsl,
      constants: { LANES: 8, WIDTH: 11 },
      bindings: {
        0: Float32Array.from({ length: 22 }, (_, i) => i % 7),
        1: new Float32Array(11).fill(1),
        2: new Float32Array(11),
        3: new Float32Array(22),
        4: { uniform: Float32Array.of(1e-3) },
      },
      workgroups: [2, 1, 1],
    });
  const { wgsl } = layernorm.variants[0]!.kernels[0]!;
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(3);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});
