import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { rmsnorm } from './rmsnorm.ts';

const LIMITS = { maxComputeWorkgroupStorageSize: 16384, maxComputeInvocationsPerWorkgroup: 256 };
const ones = (width: number) => tensor('f32', [width], new Array(width).fill(1));

test('the reference normalises a hand-checked row', () => {
  const inputs = { x: tensor('f32', [1, 4], [1, 3, 5, 7]), weight: tensor('f32', [4], [1, 2, 1, -1]) };
  // Mean square (1 + 9 + 25 + 49) / 4 = 21; with epsilon 4 the root is 5.
  const { out } = rmsnorm.reference({ ...rmsnorm.resolve({}, inputs), epsilon: 4 }, inputs);
  expect([...out!.data]).toEqual([1 / 5, 6 / 5, 1, -7 / 5]);
});

test('a normalised row has mean square 1 and does not feel a factor, but does feel a shift', () => {
  const row = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(row, fc.integer({ min: 2, max: 9 }), (values, factor) => {
      const width = values.length;
      fc.pre(Math.max(...values.map(Math.abs)) > 1 && Math.max(...values) - Math.min(...values) > 1);
      const normalise = (x: number[]) => {
        const inputs = { x: tensor('f32', [1, width], x), weight: ones(width) };
        return [...rmsnorm.reference(rmsnorm.resolve({ epsilon: 1e-12 }, inputs), inputs).out!.data];
      };
      const plain = normalise(values);
      expect(plain.reduce((sum, value) => sum + value ** 2, 0) / width).toBeCloseTo(1, 9);
      const grown = normalise(values.map((value) => value * factor));
      for (const [i, value] of plain.entries()) expect(grown[i]).toBeCloseTo(value, 3);
      expect(normalise(values.map((value) => value + 1000))).not.toEqual(plain);
    }),
  );
});

test('a row too wide for workgroup memory, a width that vec4s do not divide and bad values are named', () => {
  const widest = 16384 / 4 - 64;
  const at = (width: number) => () => rmsnorm.plan('shared', rmsnorm.resolve({ rows: 1, width }), LIMITS);
  expect(at(widest)().passes).toHaveLength(1);
  expect(at(widest + 1)).toThrow(
    expect.objectContaining({
      code: 'limit-exceeded',
      field: 'width',
      limit: { maxComputeWorkgroupStorageSize: 16384 },
    }),
  );
  const perRow = rmsnorm.variants.find(({ id }) => id === 'per-row')!;
  expect(perRow.supports(rmsnorm.resolve({ rows: 1, width: 6 }), {})).toMatchObject({ field: 'width', value: 6 });
  expect(() => rmsnorm.resolve({ rows: 1, width: 1, epsilon: 0 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'epsilon', value: 0 }),
  );
  const x = tensor('f32', [1, 4], [1, 2, 3, 4]);
  expect(() => rmsnorm.resolve({}, { x, weight: ones(3) })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'width', value: 3, limit: 4 }),
  );
});

test('tuned gives a row to a lane on a software adapter, where the width allows it', () => {
  const kernel = (width: number, limits: Record<string, number>) =>
    rmsnorm.plan('tuned', rmsnorm.resolve({ rows: 40, width }), limits).passes[0]!;
  expect(kernel(8, { isSoftware: 1 })).toMatchObject({ kernel: 'rmsnorm-per-row.wgsl', workgroups: [3, 1, 1] });
  expect(kernel(9, { isSoftware: 1 })).toMatchObject({ kernel: 'rmsnorm-shared.wgsl', workgroups: [40, 1, 1] });
  expect(kernel(8, {})).toMatchObject({ kernel: 'rmsnorm-shared.wgsl' });
});

test('no two lanes race, and without any one barrier some do', () => {
  // Strides of both tensors, and epsilon.
  const params = new Float32Array(Uint32Array.of(0, 11, 0, 11, 0).buffer);
  params[4] = 1e-3;
  const run = (wgsl: string) =>
    countRaces({
      wgsl,
      constants: { LANES: 8, WIDTH: 11 },
      bindings: {
        0: Float32Array.from({ length: 22 }, (_, i) => i % 7),
        1: new Float32Array(11).fill(1),
        2: new Float32Array(22),
        3: { uniform: params },
      },
      workgroups: [2, 1, 1],
    });
  const { wgsl } = rmsnorm.variants[0]!.kernels[0]!;
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(2);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});
