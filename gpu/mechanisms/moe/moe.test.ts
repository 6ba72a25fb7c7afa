import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { countRaces, type RaceRun, withoutEachBarrier } from '../../testing/races.ts';
import { moe } from './moe.ts';
import { busyExperts, type MoeConfig, route } from './reference.ts';

const logarithms = (...values: number[]) => values.map(Math.log);

/** Two tokens of one channel, four experts of one hidden channel that give 1, 10, 100, 1000 times silu(1) · h. */
const tiny = (router: number[]): Record<string, Tensor> => ({
  hidden_states: tensor('f32', [1, 1, 1], [1]),
  router_weight: tensor('f32', [4, 1], router),
  gate_proj: tensor('f32', [4, 1, 1], [1, 1, 1, 1]),
  up_proj: tensor('f32', [4, 1, 1], [1, 10, 100, 1000]),
  down_proj: tensor('f32', [4, 1, 1], [1, 1, 1, 1]),
});
const SILU_1 = 1 / (1 + Math.exp(-1));

function outputs(raw: object, inputs: Record<string, Tensor>) {
  return moe.reference(moe.resolve(raw, inputs), inputs);
}

test('the two largest of four shares, over all experts or over the chosen ones', () => {
  const inputs = tiny(logarithms(1, 4, 2, 3));
  const plain = outputs({}, inputs);
  expect([...plain.selected_experts!.data]).toEqual([1, 3]);
  expect(plain.out!.data[0]).toBeCloseTo(SILU_1 * (0.4 * 10 + 0.3 * 1000), 4);
  expect(outputs({ renormalise: true }, inputs).out!.data[0]).toBeCloseTo(SILU_1 * ((4 / 7) * 10 + (3 / 7) * 1000), 4);
  expect([...outputs({ topK: 4 }, inputs).selected_experts!.data]).toEqual([1, 3, 2, 0]);
});

test('of equals the lower index is chosen', () => {
  expect([...outputs({ topK: 3 }, tiny([0, 1, 0, 1])).selected_experts!.data]).toEqual([1, 3, 0]);
});

test('weights of all experts add up to 1, of the chosen ones to 1 only where they are renormalised', () => {
  const sizes = fc.record({ seqlen: fc.integer({ min: 1, max: 9 }), experts: fc.integer({ min: 1, max: 7 }) });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 7 }), fc.integer(), (size, wanted, seed) => {
      const topK = Math.min(wanted, size.experts);
      const raw = { batch: 1, dim: 3, ffn: 2, ...size, topK };
      const inputs = moe.makeInputs(moe.resolve(raw), seed);
      const sums = (renormalise: boolean) =>
        route(moe.resolve({ ...raw, renormalise }) as never as MoeConfig, inputs).map(({ choices }) => {
          expect(new Set(choices.map(({ expert }) => expert)).size).toBe(topK);
          return choices.reduce((sum, { weight }) => sum + weight, 0);
        });
      for (const sum of sums(true)) expect(sum).toBeCloseTo(1, 12);
      for (const sum of sums(false)) expect(sum <= 1 + 1e-12 && (topK < size.experts || sum > 1 - 1e-12)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('the closed form reads the weights of experts that have tokens; without inputs, of as many as there can be', () => {
  const raw = { batch: 1, seqlen: 5, dim: 16, ffn: 24, experts: 16 };
  const config = moe.resolve(raw);
  const inputs = moe.makeInputs(config, 1);
  const busy = busyExperts(config as never, inputs);
  expect(busy).toBeLessThan(10);
  const loads = (given?: typeof inputs) =>
    moe.cost('top-k', config, {}, given).buffers.find(({ buffer }) => buffer === 'up_proj')!.loads;
  expect(loads(inputs)).toBe(busy * 24 * 16);
  expect(loads()).toBe(10 * 24 * 16);
});

test.each([
  [
    { batch: 1, seqlen: 2, dim: 4, ffn: 4, experts: 3, topK: 4 },
    { code: 'bad-config', field: 'topK', value: 4, limit: 3 },
  ],
  [
    { batch: 1, seqlen: 2, dim: 4, ffn: 4, experts: 0 },
    { code: 'bad-config', field: 'experts', value: 0 },
  ],
  [
    { batch: 1, seqlen: 2, dim: 4, ffn: 4, experts: 3, topK: 0 },
    { code: 'bad-config', field: 'topK', value: 0 },
  ],
])('%o is refused by name', (raw, refusal) => {
  expect(() => moe.resolve(raw)).toThrow(expect.objectContaining(refusal));
});

test('tensors that disagree, and a token wider than the chip, are named', () => {
  const inputs = tiny([1, 2, 3, 4]);
  const wrong = { ...inputs, down_proj: tensor('f32', [3, 1, 1], [1, 1, 1]) };
  expect(() => moe.resolve({}, wrong)).toThrow(expect.objectContaining({ code: 'shape-mismatch', field: 'experts' }));
  const wide = moe.resolve({ batch: 1, seqlen: 2, dim: 342, ffn: 4, experts: 3 });
  expect(() => moe.plan('top-k', wide, { maxComputeWorkgroupStorageSize: 16384 })).toThrow(
    expect.objectContaining({ code: 'limit-exceeded', field: 'dim', value: 16416 }),
  );
});

type RaceCase = [string, RaceRun['constants'], RaceRun['bindings'], RaceRun['workgroups'], number];
const F = (length: number, value: (i: number) => number = (i) => (i * 7) % 11) =>
  Float32Array.from({ length }, (_, i) => value(i));
const U = (...values: number[]) => Uint32Array.from(values);
test.each([
  [
    'route.wgsl',
    { LANES: 4, WIDTH: 6, EXPERTS: 5, TOP_K: 2, RENORMALISE: true },
    { 0: F(12), 1: F(30), 2: F(10), 3: new Int32Array(4), 4: F(4), 5: { uniform: U(2) } },
    [2, 1, 1],
    3,
  ],
  [
    'group.wgsl',
    { LANES: 4 },
    { 0: Int32Array.of(2, 0, 1, 2, 0, 1), 1: new Int32Array(4), 2: new Int32Array(6), 3: { uniform: U(3, 3, 2) } },
    [3, 1, 1],
    1,
  ],
  [
    'experts.wgsl',
    { TILE: 2, ROWS: 2, WIDTH: 3, GATED: true, MAPS: 2 },
    {
      0: F(9),
      1: F(24),
      2: F(24),
      3: Int32Array.of(0, 3, 6),
      4: Int32Array.of(0, 2, 4, 1, 3, 5),
      5: F(24),
      6: { uniform: U(4, 2) },
    },
    [2, 2, 1],
    2,
  ],
] satisfies RaceCase[])(
  '%s: no two lanes race, and without any one barrier some do',
  (file, constants, bindings, workgroups, barriers) => {
    const { wgsl } = moe.variants[0]!.kernels.find((kernel) => kernel.file === file)!;
    // The interpreter misreads an increment of a component.
    const run = (text: string) =>
      countRaces({
        wgsl: text.replace('seen.x++', 'seen += vec2<u32>(1u, 0u)').replace('seen.y++', 'seen += vec2<u32>(0u, 1u)'),
        constants,
        bindings,
        workgroups,
      });
    expect(run(wgsl)).toBe(0);
    const mutants = withoutEachBarrier(wgsl);
    expect(mutants.length).toBe(barriers);
    for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
  },
);
