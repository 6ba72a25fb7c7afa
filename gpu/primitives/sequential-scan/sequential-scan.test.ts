import { expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { checkPlan } from '../../plan/check.ts';
import { sequentialScan } from './sequential-scan.ts';

const series = (length: number, name: string, spread = 2) => {
  const next = uniformStream(1, name);
  return Array.from({ length }, () => spread * (next() - 0.5));
};

test('the reference runs a hand-checked recurrence', () => {
  const log2 = Math.log(2);
  // Δ = 1, A = −ln 2 halves the state each step; B = 1, C = 2, D = 10.
  const inputs = {
    u: tensor('f32', [1, 1, 3], [1, 0, 4]),
    delta: tensor('f32', [1, 1, 3], [1, 1, 1]),
    A: { data: Float64Array.of(-log2) } as never,
    B: tensor('f32', [1, 1, 3], [1, 1, 1]),
    C: tensor('f32', [1, 1, 3], [2, 2, 2]),
    D: tensor('f32', [1], [10]),
  };
  const config = sequentialScan.resolve({
    batch: 1,
    dim: 1,
    dstate: 1,
    seqlen: 3,
    deltaSoftplus: false,
    hasZ: false,
    hasDeltaBias: false,
  });
  const { out, last_state } = sequentialScan.reference(config, inputs);
  // h = 1, 0.5, 4.25
  const expected = [12, 1, 48.5];
  expected.forEach((value, t) => {
    expect(out!.data[t]).toBeCloseTo(value, 12);
  });
  expect(last_state!.data[0]).toBeCloseTo(4.25, 12);
});

test('with exact zero-order hold, N = 1, A = −1, B = 1 is a gated average; with first order it is not', () => {
  // Theorem 1 of Gu and Dao 2023: h = (1 − g) h + g x with g = sigmoid(delta).
  const length = 50;
  const [x, delta] = [series(length, 'x'), series(length, 'delta', 6)];
  const ones = new Array(length).fill(1);
  const inputs = {
    u: tensor('f32', [1, 1, length], x),
    delta: tensor('f32', [1, 1, length], delta),
    A: tensor('f32', [1, 1], [-1]),
    B: tensor('f32', [1, 1, length], ones),
    C: tensor('f32', [1, 1, length], ones),
  };
  let h = 0;
  const gated = Array.from(inputs.u.data, (value, t) => {
    const gate = 1 / (1 + Math.exp(-inputs.delta.data[t]!));
    h = (1 - gate) * h + gate * value;
    return h;
  });
  const worst = (discretization: string) => {
    const { out } = sequentialScan.reference(sequentialScan.resolve({ discretization }, inputs), inputs);
    return Math.max(...gated.map((value, t) => Math.abs(value - out!.data[t]!)));
  };
  expect(worst('zoh')).toBeLessThan(1e-14);
  expect(worst('euler')).toBeGreaterThan(0.1);
});

test('S4 mode makes the scan time-invariant: a shifted signal gives a shifted output', () => {
  const length = 30;
  const raw = { batch: 1, dim: 2, dstate: 3, seqlen: length, mode: 's4', hasZ: false };
  const config = sequentialScan.resolve(raw);
  const inputs = sequentialScan.makeInputs(config, 1);
  const late = structuredClone(inputs);
  const shift = 7;
  for (let i = 0; i < inputs.u!.data.length; i++) {
    const t = i % length;
    // The last steps of the unshifted signal are silent, so nothing falls off the end.
    if (t >= length - shift) inputs.u!.data[i] = 0;
  }
  for (let i = 0; i < late.u!.data.length; i++) {
    const t = i % length;
    late.u!.data[i] = t < shift ? 0 : inputs.u!.data[i - shift]!;
  }
  const outOf = (mode: string, given: typeof inputs) =>
    sequentialScan.reference(sequentialScan.resolve({ ...raw, mode }, given), given).out!.data;
  const largest = (mode: string) => {
    const [a, b] = [outOf(mode, inputs), outOf(mode, late)];
    let most = 0;
    for (let i = 0; i < a.length; i++) {
      if ((i % length) + shift < length) most = Math.max(most, Math.abs(a[i]! - b[i + shift]!));
    }
    return most;
  };
  expect(largest('s4')).toBeLessThan(1e-12);
  expect(largest('s6')).toBeGreaterThan(0.01);
});

test('inputs define sizes, forms and flags; contradictions are named', () => {
  const config = { batch: 2, dim: 6, dstate: 4, seqlen: 5, bForm: 'grouped', groups: 3, hasD: false };
  const inputs = sequentialScan.makeInputs(sequentialScan.resolve(config), 1);
  expect(sequentialScan.resolve({}, inputs)).toMatchObject({
    batch: 2,
    dim: 6,
    dstate: 4,
    seqlen: 5,
    bForm: 'grouped',
    cForm: 'time',
    groups: 3,
    hasD: false,
    hasZ: true,
    hasDeltaBias: true,
  });
  const refused = (raw: object, facts: object) =>
    expect(() => sequentialScan.resolve(raw, inputs)).toThrow(expect.objectContaining(facts));
  refused({ seqlen: 6 }, { code: 'shape-mismatch', field: 'seqlen', value: 5, limit: 6 });
  refused({ bForm: 'time' }, { code: 'shape-mismatch', field: 'B', value: 'grouped', limit: 'time' });
  refused({ chunk: 0 }, { code: 'bad-config', field: 'chunk', value: 0 });
  refused({ speed: 3 }, { code: 'bad-config', field: 'speed' });
  const sizes = { batch: 1, dim: 6, dstate: 33, seqlen: 5 };
  expect(() => sequentialScan.resolve(sizes)).toThrow(expect.objectContaining({ field: 'dstate', value: 33 }));
  const uneven = { batch: 1, dim: 6, dstate: 3, seqlen: 5, bForm: 'grouped', groups: 4 };
  expect(() => sequentialScan.resolve(uneven)).toThrow(
    expect.objectContaining({ field: 'groups', value: 4, limit: 6 }),
  );
  const wide = sequentialScan.makeInputs(sequentialScan.resolve({ batch: 1, dim: 2, dstate: 32, seqlen: 3 }), 1);
  const A = tensor('f32', [2, 33], new Array(66).fill(-1));
  const B = tensor('f32', [1, 33, 3], new Array(99).fill(1));
  expect(() => sequentialScan.resolve({}, { ...wide, A, B, C: B })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'dstate', value: 33, limit: 32 }),
  );
});

test('a plan binds at most seven buffers, and is plain data', () => {
  for (const { id, kernels } of sequentialScan.variants) {
    for (const mode of ['s6', 's4']) {
      const config = sequentialScan.resolve({ batch: 2, dim: 5, dstate: 3, seqlen: 9, mode });
      const plan = sequentialScan.plan(id, config, {});
      checkPlan(plan, Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl])), {});
      expect(structuredClone(plan)).toEqual(plan);
      for (const { bindings } of plan.passes) expect(Object.keys(bindings).length).toBeLessThanOrEqual(7);
    }
  }
});

test('the closed form is that of the paper’s comparison: 3 D L + 2 N L + D N + D read, D L written', () => {
  const config = { batch: 1, dim: 32, dstate: 16, seqlen: 64, hasDeltaBias: false, lastState: false };
  const { buffers } = sequentialScan.cost('sequential', sequentialScan.resolve(config));
  const storage = buffers.filter(({ buffer }) => !buffer.endsWith('_tile'));
  expect(storage.reduce((sum, { loads }) => sum + loads, 0)).toBe(8736);
  expect(storage.reduce((sum, { stores }) => sum + stores, 0)).toBe(2048);
});
