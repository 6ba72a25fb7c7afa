import { describe, expect, test } from 'vitest';
import { integerTensor, normalTensor } from '../core/random.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { mechanisms } from '../mechanisms/all.ts';
import { expectGolden, goldenCases } from './golden-cases.ts';
import { goldenMap } from './golden-map.ts';

/** Runs a case on the float64 reference of its mechanism. */
function reference(family: string, params: Record<string, unknown>, inputs: Record<string, Tensor>, variant: string) {
  const { mechanism, experiment } = goldenMap[family]!;
  const run = experiment(params, inputs, variant);
  const { resolve, reference } = mechanisms.get(mechanism)!;
  return run && reference(resolve(run.config, run.inputs), run.inputs);
}

/** Cases whose inputs the map computes anew, in float32: their answers are those of inputs that are a rounding away. */
const ROUNDED: Record<string, number> = { 'primer_mdha/p02': 6e-8 };

describe.each(Object.entries(goldenMap))('%s', (family, { mechanism, variants }) => {
  test('names variants that there are', () => {
    const known = mechanisms.get(mechanism)!.variants.map(({ id }) => id);
    expect(variants.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(variants));
  });

  test('says every case so that the float64 reference equals it', async () => {
    const cases = await goldenCases(family);
    expect(cases.length).toBeGreaterThan(0);
    for (const golden of cases) {
      for (const variant of variants) {
        const found = reference(family, golden.params, golden.inputs, variant)!;
        const share = ROUNDED[golden.id] ?? 1e-12;
        expectGolden(`${golden.id} ${variant}`, golden, found, ({ maxAbs }) => share * Math.max(1, maxAbs));
      }
    }
  });
});

describe('masks of the attention families, beside scores masked by the rule of the goldens’ notes', () => {
  const HEADS = 2;
  const DIM = 3;

  /** out [rows, HEADS, DIM] of one sequence, by definition. */
  function masked(q: Tensor, k: Tensor, v: Tensor, sees: (i: number, j: number) => boolean): number[] {
    const width = HEADS * DIM;
    const [rows, keys] = [q.data.length / width, k.data.length / width];
    const at = (tensor: Tensor, row: number, head: number, d: number) => tensor.data[row * width + head * DIM + d]!;
    const channels = Array.from({ length: DIM }, (_, d) => d);
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: HEADS }, (_, head) => {
        const seen = Array.from({ length: keys }, (_, j) => j).filter((j) => sees(i, j));
        const weights = seen.map((j) =>
          Math.exp(channels.reduce((sum, d) => sum + at(q, i, head, d) * at(k, j, head, d), 0)),
        );
        const total = weights.reduce((sum, each) => sum + each, 0);
        return channels.map((d) =>
          seen.reduce((sum, j, index) => sum + (weights[index]! / total) * at(v, j, head, d), 0),
        );
      }),
    ).flat(2);
  }

  const windows = [-1, 0, 1, 4, 40].flatMap((left) =>
    [-1, 0, 2, 40].flatMap((right) => [true, false].map((causal) => ({ causal, left, right }))),
  );
  /** Notes: −1 is unlimited for both, or for the left alone; causal means that the right is 0. */
  const sees = ({ causal, left, right: stored }: (typeof windows)[number], off: number) => {
    const right = causal ? 0 : stored;
    const limited = causal || left >= 0 || right >= 0;
    return (i: number, j: number) => (!limited || j <= i + off + right) && (left < 0 || j >= i + off - left);
  };
  const row = (name: string, shape: number[]) => normalTensor(5, name, shape);
  const close = (actual: ArrayLike<number>, wanted: number[], label: string) => {
    expect(actual.length, label).toBe(wanted.length);
    wanted.forEach((value, index) => {
      expect(Math.abs(actual[index]! - value), `${label} [${index}]`).toBeLessThan(1e-12);
    });
  };

  test('padded: every window, more queries than keys and fewer', () => {
    for (const window of windows) {
      for (const [nq, nk] of [
        [5, 5],
        [3, 9],
        [8, 3],
        [1, 6],
        [4, 1],
      ] as const) {
        const inputs = {
          q: row('q', [2, nq, HEADS, DIM]),
          k: row('k', [2, nk, HEADS, DIM]),
          v: row('v', [2, nk, HEADS, DIM]),
        };
        const { causal, left, right } = window;
        const params = { causal, window_left: left, window_right: right, softmax_scale: 1 };
        const { out } = reference('fa_window', params, inputs, 'standard')!;
        const parts = [0, 1].flatMap((sequence) => {
          const of = (tensor: Tensor, rows: number) => ({
            ...tensor,
            data: tensor.data.subarray(sequence * rows * HEADS * DIM, (sequence + 1) * rows * HEADS * DIM),
          });
          return masked(of(inputs.q, nq), of(inputs.k, nk), of(inputs.v, nk), sees(window, nk - nq));
        });
        close(out!.data, parts, JSON.stringify({ ...window, nq, nk }));
      }
    }
  });

  test('packed: the same with lengths that differ, empty ones included', () => {
    const [queries, keys] = [
      [4, 0, 3, 2],
      [4, 2, 0, 7],
    ];
    const ends = (lengths: number[]) =>
      tensor(
        'i32',
        [lengths.length + 1],
        [0, ...lengths].map((_, i) => lengths.slice(0, i).reduce((sum, each) => sum + each, 0)),
      );
    const total = (lengths: number[]) => lengths.reduce((sum, each) => sum + each, 0);
    const inputs = {
      q: row('q', [total(queries!), HEADS, DIM]),
      k: row('k', [total(keys!), HEADS, DIM]),
      v: row('v', [total(keys!), HEADS, DIM]),
      cu_seqlens_q: ends(queries!),
      cu_seqlens_k: ends(keys!),
    };
    for (const window of windows) {
      const { causal, left, right } = window;
      const params = { causal, window_left: left, window_right: right, softmax_scale: 1 };
      const { out } = reference('fa_varlen', params, inputs, 'standard')!;
      const parts = queries!.flatMap((length, sequence) => {
        const of = (tensor: Tensor, bounds: Tensor) => ({
          ...tensor,
          data: tensor.data.subarray(bounds.data[sequence]! * HEADS * DIM, bounds.data[sequence + 1]! * HEADS * DIM),
        });
        const { q, k, v, cu_seqlens_q, cu_seqlens_k } = inputs;
        const off = keys![sequence]! - length;
        return masked(of(q, cu_seqlens_q), of(k, cu_seqlens_k), of(v, cu_seqlens_k), sees(window, off));
      });
      close(out!.data, parts, JSON.stringify(window));
    }
  });
});

test('a variant that cannot take a case says null', () => {
  const wide = { q: row(160), k: row(160), v: row(160) };
  expect(goldenMap.fa_dense!.experiment({}, wide, 'flash-v2')).toBeNull();
  const states = { A: normalTensor(1, 'A', [2, 33]) };
  expect(goldenMap.mamba_selective_scan!.experiment({}, states, 'chunked')).toBeNull();
  expect(goldenMap.mamba_inner!.experiment({}, states, 'fused')).toBeNull();
  const holes = {
    qkv: normalTensor(1, 'qkv', [1, 4, 3, 1, 2]),
    blockmask: integerTensor(1, 'blockmask', [1, 1], 1, 1),
    attn_mask: tensor('i32', [1, 4], [1, 0, 1, 0]),
  };
  expect(goldenMap.fa_blocksparse!.experiment({}, holes, 'flash-v2-block-sparse')).toBeNull();
  const prefix = { ...holes, attn_mask: tensor('i32', [1, 4], [1, 1, 0, 0]) };
  expect(goldenMap.fa_blocksparse!.experiment({}, prefix, 'flash-v2-block-sparse')?.config).toMatchObject({
    seqlensQ: [2],
    seqlensK: [2],
  });

  function row(headDim: number) {
    return normalTensor(1, 'row', [1, 2, 1, headDim]);
  }
});
