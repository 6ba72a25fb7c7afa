import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { checkPlan } from '../../plan/check.ts';
import { pairs, tiles } from './counts.ts';
import { ssd } from './ssd.ts';

test('the reference runs a hand-checked recurrence', () => {
  const log2 = Math.log(2);
  const inputs = {
    X: tensor('f32', [1, 3, 1, 1], [1, 0, 4]),
    A: { dtype: 'f32' as const, shape: [1, 3, 1], data: Float64Array.of(-log2, -log2, -log2) as never },
    B: tensor('f32', [1, 3, 1, 1], [1, 1, 2]),
    C: tensor('f32', [1, 3, 1, 1], [3, 2, 1]),
    initial_states: tensor('f32', [1, 1, 1, 1], [8]),
  };
  const { Y, final_state } = ssd.reference(ssd.resolve({}, inputs), inputs);
  // h = 8/2 + 1 = 5, 2.5, 1.25 + 8 = 9.25
  [15, 5, 9.25].forEach((value, t) => {
    expect(Y!.data[t]).toBeCloseTo(value, 12);
  });
  expect(final_state!.data[0]).toBeCloseTo(9.25, 12);
});

test('the form follows from the tensors; contradictions are named', () => {
  const minimal = { batch: 1, seqlen: 6, heads: 4, headDim: 2, dstate: 3 };
  const given = ssd.makeInputs(ssd.resolve(minimal), 1);
  expect(ssd.resolve({}, given)).toMatchObject({ ...minimal, form: 'minimal', groups: 4 });
  const combined = { ...minimal, form: 'combined', groups: 2, hasZ: false };
  const full = ssd.makeInputs(ssd.resolve(combined), 1);
  expect(ssd.resolve({}, full)).toMatchObject({ ...combined, hasD: true, hasDtBias: true });
  expect(() => ssd.resolve({ heads: 3 }, given)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'heads', value: 4, limit: 3 }),
  );
  expect(() => ssd.resolve({ ...combined, groups: 3 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'groups', value: 3, limit: 4 }),
  );
});

test('decays are summed from step to step unless the trap is switched on, at no cost in memory', () => {
  const base = { batch: 1, seqlen: 70, heads: 2, headDim: 5, dstate: 3 };
  const made = (more: object) => ssd.plan('quadratic', ssd.resolve({ ...base, ...more }), {});
  const takes = (more: object) =>
    made(more)
      .passes.filter(({ bindings }) => bindings.decays)
      .map(({ bindings, constants }) => [bindings.decays, constants!.DIFFERENCES]);
  expect(takes({})).toEqual([
    ['log_decay', false],
    ['log_decay', false],
  ]);
  expect(takes({ decaySum: 'running' })).toEqual([
    ['cs', true],
    ['cs', true],
  ]);
  expect(made({}).buffers).toEqual(made({ decaySum: 'running' }).buffers);
});

test('every plan fits its kernels and binds at most seven buffers', () => {
  for (const variant of ['chunked', 'quadratic']) {
    for (const form of ['minimal', 'combined']) {
      for (const decaySum of ['running', 'direct']) {
        const sizes = { batch: 2, seqlen: 70, heads: 4, headDim: 5, dstate: 3, chunk: 16, decaySum };
        const config = ssd.resolve({ ...sizes, form, ...(form === 'combined' && { groups: 2 }) });
        const { kernels } = ssd.variants.find(({ id }) => id === variant)!;
        checkPlan(ssd.plan(variant, config, {}), Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl])), {});
      }
    }
  }
});

test('pairs of a chunked sequence equal a count', () => {
  for (const [seqlen, chunk] of [
    [1, 1],
    [10, 4],
    [64, 16],
    [7, 100],
  ] as const) {
    let count = 0;
    for (let l = 0; l < seqlen; l++) {
      for (let s = 0; s <= l; s++) if (Math.floor(l / chunk) === Math.floor(s / chunk)) count++;
    }
    expect(pairs(seqlen, Math.min(chunk, seqlen))).toBe(count);
  }
});

test('pairs grow with the square of the length in the quadratic form, and linearly in chunks', () => {
  const base = { batch: 1, heads: 1, headDim: 5, dstate: 3, chunk: 8 };
  const counted = (variant: string, seqlen: number) => ssd.cost(variant, ssd.resolve({ ...base, seqlen })).events!.pair;
  expect([counted('quadratic', 16), counted('quadratic', 32)]).toEqual([136, 528]);
  expect([counted('chunked', 16), counted('chunked', 32)]).toEqual([72, 144]);
});

test('tiles of a chunk are those that a walk over them finds', () => {
  const walked = (seqlen: number, chunk: number, rows: number, columns: number) => {
    let count = 0;
    for (let first = 0; first < seqlen; first += chunk) {
      const length = Math.min(chunk, seqlen - first);
      for (let row = 0; row < length; row += rows) count += Math.ceil(Math.min(row + rows, length) / columns);
    }
    return count;
  };
  for (const [rows, columns] of [
    [16, 16],
    [8, 4],
    [4, 8],
    [6, 4],
    [4, 6],
    [1, 7],
  ] as const)
    for (const seqlen of [1, 5, 37, 64, 300])
      for (const chunk of [1, 3, 16, 50, seqlen])
        expect(tiles(seqlen, chunk, { rows, columns })).toBe(walked(seqlen, chunk, rows, columns));
});
