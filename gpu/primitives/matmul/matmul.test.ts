import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { matmul } from './matmul.ts';

const LIMITS = { maxComputeWorkgroupStorageSize: 16384, maxComputeInvocationsPerWorkgroup: 256 };

test('the reference multiplies by hand-checked numbers', () => {
  const inputs = {
    a: tensor('f32', [2, 3], [1, 2, 3, 4, 5, 6]),
    b: tensor('f32', [3, 2], [7, 8, 9, 10, 11, 12]),
    bias: tensor('f32', [2], [100, -100]),
  };
  const { c } = matmul.reference(matmul.resolve({}, inputs), inputs);
  // 1·7 + 2·9 + 3·11 = 58, 1·8 + 2·10 + 3·12 = 64, 4·7 + 5·9 + 6·11 = 139, 4·8 + 5·10 + 6·12 = 154
  expect(c!.shape).toEqual([2, 2]);
  expect(Array.from(c!.data)).toEqual([158, -36, 239, 54]);
});

test('a product with the identity is the operand', () => {
  const identity = tensor('f32', [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const inputs = { a: tensor('f32', [2, 3], [1, 2, 3, 4, 5, 6]), b: identity };
  const { c } = matmul.reference(matmul.resolve({}, inputs), inputs);
  expect(Array.from(c!.data)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a bias is used when one is given, and shapes that do not fit are named', () => {
  const a = tensor('f32', [2, 3], new Array(6).fill(1));
  const b = tensor('f32', [3, 2], new Array(6).fill(1));
  expect(matmul.resolve({}, { a, b })).toMatchObject({ m: 2, k: 3, n: 2, bias: false });
  expect(matmul.resolve({}, { a, b, bias: tensor('f32', [2], [1, 2]) })).toMatchObject({ bias: true });
  const mismatch = { code: 'shape-mismatch', field: 'k', value: 2, limit: 3 };
  expect(() => matmul.resolve({}, { a, b: a })).toThrow(expect.objectContaining(mismatch));
  expect(() => matmul.resolve({ m: 0 })).toThrow(expect.objectContaining({ code: 'bad-config', field: 'm', value: 0 }));
  expect(() => matmul.resolve({ m: 1, k: 1, n: 1, tile: 5 })).toThrow(
    expect.objectContaining({ field: 'tile', value: 5 }),
  );
});

test('the plan stops at the device’s limits and says which', () => {
  const config = matmul.resolve({ m: 64, k: 64, n: 64, rowsPerLane: 8 });
  expect(matmul.plan('tiled', config, LIMITS).passes[0]!.workgroups).toEqual([4, 1, 1]);
  const small = { ...LIMITS, maxComputeWorkgroupStorageSize: 4096 };
  // (16 · 8 · 16 + 16 · 16) floats
  const refusal = { code: 'limit-exceeded', value: 9216, limit: { maxComputeWorkgroupStorageSize: 4096 } };
  expect(() => matmul.plan('tiled', config, small)).toThrow(expect.objectContaining(refusal));
});

test('closed-form counts equal a walk over the tiles', () => {
  for (const raw of [
    { m: 1, k: 1, n: 1 },
    { m: 33, k: 17, n: 31, tile: 8, rowsPerLane: 2, bias: true },
    { m: 64, k: 64, n: 64 },
  ]) {
    const config = matmul.resolve(raw) as Record<'m' | 'k' | 'n' | 'tile' | 'rowsPerLane', number>;
    const { m, k, n, tile, rowsPerLane } = config;
    let loadsA = 0;
    let loadsB = 0;
    for (let row = 0; row < m; row += tile * rowsPerLane) {
      for (let col = 0; col < n; col += tile) {
        for (let depth = 0; depth < k; depth += tile) {
          const deep = Math.min(tile, k - depth);
          loadsA += Math.min(tile * rowsPerLane, m - row) * deep;
          loadsB += Math.min(tile, n - col) * deep;
        }
      }
    }
    const { buffers } = matmul.cost('tiled', config);
    const of = (name: string) => buffers.find(({ buffer }) => buffer === name)!;
    expect([of('a').loads, of('b').loads, of('c').stores]).toEqual([loadsA, loadsB, m * n]);
    expect(of('a').loadBytes).toBe(loadsA * 4);
  }
});

test('no two lanes race, and without either barrier some do', () => {
  const run = (wgsl: string) =>
    countRaces({
      wgsl,
      constants: { TILE: 4, ROWS: 2, HAS_BIAS: true },
      bindings: {
        0: Float32Array.from({ length: 45 }, (_, i) => i % 7),
        1: Float32Array.from({ length: 30 }, (_, i) => i % 5),
        2: Float32Array.from({ length: 6 }, (_, i) => i),
        3: new Float32Array(54),
        4: { uniform: Uint32Array.of(9, 5, 6) },
      },
      workgroups: [2, 2, 1],
    });
  const { wgsl } = matmul.variants[0]!.kernels[0]!;
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(2);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});

test('the tuned variant reads vec4s, takes the form that suits the device, and says what it cannot do', () => {
  const config = matmul.resolve({ m: 64, k: 64, n: 64 });
  const kernel = (limits: Record<string, number>) => matmul.plan('tuned', config, limits).passes[0]!.kernel;
  expect(kernel({})).toBe('matmul-tuned-gpu.wgsl');
  expect(kernel({ isSoftware: 1 })).toBe('matmul-tuned-software.wgsl');
  expect(kernel({ isSoftware: 1, subgroupMinSize: 4 })).toBe('matmul-tuned-software-quad.wgsl');
  const refusal = (raw: object, limits = {}) => matmul.variants[1]!.supports(matmul.resolve(raw), limits);
  expect(refusal({ m: 4, k: 6, n: 4 })).toMatchObject({ code: 'unsupported', field: 'k', value: 6 });
  expect(refusal({ m: 4, k: 4, n: 5 })).toMatchObject({ code: 'unsupported', field: 'n', value: 5 });
  expect(refusal({ m: 4, k: 4, n: 4, form: 'software-quad' })).toMatchObject({ code: 'unsupported', field: 'form' });
  expect(refusal({ m: 4, k: 4, n: 4, tuning: { TX: 5 } })).toMatchObject({ code: 'bad-config', field: 'tuning.TX' });
  expect(refusal({ m: 4, k: 4, n: 4 }, { maxComputeInvocationsPerWorkgroup: 64 })).toMatchObject({
    code: 'limit-exceeded',
    value: 128,
    limit: 64,
  });
});

test('the tuned tiles have no race, and without either barrier some', () => {
  const { wgsl } = matmul.variants[1]!.kernels.find(({ file }) => file === 'matmul-tuned-gpu.wgsl')!;
  const run = (text: string) =>
    countRaces({
      wgsl: text,
      constants: { TX: 8, TY: 4, DEPTH: 2, HAS_BIAS: false },
      bindings: {
        0: Float32Array.from({ length: 5 * 12 }, (_, i) => i % 7),
        1: Float32Array.from({ length: 12 * 8 }, (_, i) => i % 5),
        2: new Float32Array(4),
        3: new Float32Array(5 * 8),
        4: { uniform: Uint32Array.of(5, 12, 8) },
      },
      workgroups: [1, 1, 1],
    });
  expect(run(wgsl)).toBe(0);
  for (const mutant of withoutEachBarrier(wgsl)) expect(run(mutant)).toBeGreaterThan(0);
});
