// The problems that are raced: their inputs, how much arithmetic they are, and what is right.

import { normalTensor } from '../gpu/core/random.ts';

export type Kind = 'attention' | 'gemm' | 'prefix-sum' | 'softmax' | 'layernorm';

export interface Problem {
  kind: Kind;
  /** Name in tables, e.g. `attention n = 512, causal`. */
  title: string;
  /** attention: [n, heads, headDim]. gemm: [m, k, n]. Others: [rows, columns]. */
  shape: number[];
  causal: boolean;
  /** Row-major; attention: q, k, v [n, heads, headDim]; gemm: a, b; others: x; layernorm: scale and bias, too. */
  inputs: Record<string, Float32Array<ArrayBuffer>>;
  /** Multiplications and additions that the definition needs; 0 where arithmetic is not the point. */
  flop: number;
  /** float64 values at some places of the output, [place, value]. */
  expected: [number, number][];
  /** Largest error that counts as right. */
  tolerance: number;
}

const random = (name: string, shape: number[]) => normalTensor(1, name, shape).data as Float32Array<ArrayBuffer>;

/** Up to `count` of the rows 0 … `rows` − 1, first and last among them. */
function someRows(rows: number, count: number): number[] {
  const step = Math.max(1, (rows - 1) / (count - 1));
  return [...new Set(Array.from({ length: count }, (_, index) => Math.min(rows - 1, Math.round(index * step))))];
}

/** Self-attention of one sequence; 24 query rows of every head are checked. */
export function attention(n: number, causal: boolean, heads = 4, headDim = 64): Problem {
  const shape = [n, heads, headDim];
  const inputs = { q: random('q', shape), k: random('k', shape), v: random('v', shape) };
  const expected: [number, number][] = [];
  for (const row of someRows(n, 24)) {
    for (let head = 0; head < heads; head++) {
      const at = (token: number) => (token * heads + head) * headDim;
      const scores = Array.from({ length: causal ? row + 1 : n }, (_, key) => {
        let product = 0;
        for (let c = 0; c < headDim; c++) product += inputs.q[at(row) + c]! * inputs.k[at(key) + c]!;
        return product / Math.sqrt(headDim);
      });
      const largest = scores.reduce((a, b) => Math.max(a, b));
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b);
      for (let c = 0; c < headDim; c++) {
        const value = powers.reduce((total, power, key) => total + power * inputs.v[at(key) + c]!, 0) / sum;
        expected.push([at(row) + c, value]);
      }
    }
  }
  const pairs = causal ? (n * (n + 1)) / 2 : n * n;
  return {
    kind: 'attention',
    title: `attention n = ${n}${causal ? ', causal' : ''}`,
    shape,
    causal,
    inputs,
    flop: 4 * pairs * headDim * heads,
    expected,
    tolerance: 1e-5,
  };
}

export function gemm(size: number): Problem {
  const inputs = { a: random('a', [size, size]), b: random('b', [size, size]) };
  const expected = someRows(size, 24).flatMap((row) =>
    Array.from({ length: size }, (_, column): [number, number] => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += inputs.a[row * size + i]! * inputs.b[i * size + column]!;
      return [row * size + column, sum];
    }),
  );
  const title = `matrix product ${size}³`;
  return {
    kind: 'gemm',
    title,
    shape: [size, size, size],
    causal: false,
    inputs,
    flop: 2 * size ** 3,
    expected,
    tolerance: 1e-6 * size,
  };
}

export function prefixSum(length: number, channels: number): Problem {
  const x = random('x', [length, channels]);
  const expected: [number, number][] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let t = 0; t < length; t++) {
      sum += x[t * channels + c]!;
      expected.push([t * channels + c, sum]);
    }
  }
  const title = `prefix sum ${length} × ${channels}`;
  return {
    kind: 'prefix-sum',
    title,
    shape: [length, channels],
    causal: false,
    inputs: { x },
    flop: 0,
    expected,
    tolerance: 1e-3,
  };
}

export function softmax(rows: number, width: number): Problem {
  const x = random('x', [rows, width]);
  const expected = someRows(rows, 128).flatMap((r) => {
    const row = Array.from(x.subarray(r * width, (r + 1) * width));
    const largest = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power, c): [number, number] => [r * width + c, power / sum]);
  });
  return {
    kind: 'softmax',
    title: `softmax ${rows} × ${width}`,
    shape: [rows, width],
    causal: false,
    inputs: { x },
    flop: 0,
    expected,
    tolerance: 1e-6,
  };
}

export const LAYERNORM_EPSILON = 1e-5;

export function layernorm(rows: number, width: number): Problem {
  const x = random('x', [rows, width]);
  const scale = random('scale', [width]);
  const bias = random('bias', [width]);
  const expected = someRows(rows, 128).flatMap((r) => {
    const row = Array.from(x.subarray(r * width, (r + 1) * width));
    const mean = row.reduce((a, b) => a + b) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const deviation = Math.sqrt(variance + LAYERNORM_EPSILON);
    return row.map((value, c): [number, number] => [
      r * width + c,
      ((value - mean) / deviation) * scale[c]! + bias[c]!,
    ]);
  });
  return {
    kind: 'layernorm',
    title: `layer normalisation ${rows} × ${width}`,
    shape: [rows, width],
    causal: false,
    inputs: { x, scale, bias },
    flop: 0,
    expected,
    tolerance: 1e-5,
  };
}
