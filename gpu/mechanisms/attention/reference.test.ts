import { describe, expect, test } from 'vitest';
import { normalTensor } from '../../core/random.ts';
import { resolveConfig } from './config.ts';
import { attention } from './index.ts';
import { attentionReference } from './reference.ts';
import { prefixStatistics } from './testing/prefix.ts';

describe('the float64 reference', () => {
  const config = resolveConfig({
    batch: 2,
    heads: 4,
    kvHeads: 2,
    nq: 7,
    nk: 11,
    headDim: 5,
    windowLeft: 4,
    causal: true,
  });
  const inputs = attention.makeInputs(config, 3);

  test('gives a row of equal values those values, whatever the scores', () => {
    const same = { ...inputs, v: { ...inputs.v!, data: new Float32Array(inputs.v!.data.length).fill(2.5) } };
    const { out } = attentionReference(config, same);
    expect(Math.max(...Array.from(out.data, (value) => Math.abs(value - 2.5)))).toBeLessThan(1e-14);
  });

  test('does not change when every score of a row grows by the same amount', () => {
    // One more dimension: q there is 1, k there is the same for all keys.
    const wider = resolveConfig({ ...config, headDim: 6, scale: config.scale });
    const extend = (name: 'q' | 'k' | 'v', value: number) => {
      const { shape, data } = inputs[name]!;
      const rows = data.length / 5;
      const extended = new Float32Array(rows * 6).fill(value);
      for (let row = 0; row < rows; row++) extended.set(data.subarray(row * 5, row * 5 + 5), row * 6);
      return { dtype: 'f32' as const, shape: [...shape.slice(0, -1), 6], data: extended };
    };
    const shifted = attentionReference(wider, { q: extend('q', 1), k: extend('k', 40), v: extend('v', 0) });
    const plain = attentionReference(config, inputs);
    plain.out.data.forEach((value, index) => {
      expect(shifted.out.data[Math.floor(index / 5) * 6 + (index % 5)]).toBeCloseTo(value, 12);
    });
    plain.lse.data.forEach((value, index) => {
      expect(shifted.lse.data[index]).toBeCloseTo(value + 40 * config.scale, 10);
    });
  });

  test('has prefix statistics that end in the logsumexp, and start with nothing', () => {
    const { lse } = attentionReference(config, inputs);
    for (let row = 0; row < 7; row++) {
      const { m, l } = prefixStatistics(config, inputs, { batch: 1, head: 3, row }, 11);
      expect(m + Math.log(l)).toBeCloseTo(lse.data[(4 + 3) * 7 + row]!, 12);
      expect(prefixStatistics(config, inputs, { batch: 1, head: 3, row }, 0)).toEqual({ m: -Infinity, l: 0 });
    }
  });

  test('gives rows without keys 0 and −∞', () => {
    const few = resolveConfig({ nq: 5, nk: 2, headDim: 3, causal: true });
    const { out, lse } = attentionReference(few, attention.makeInputs(few, 1));
    expect([...lse.data.subarray(0, 3)]).toEqual([-Infinity, -Infinity, -Infinity]);
    expect([...out.data.subarray(0, 9)]).toEqual(new Array(9).fill(0));
    expect(lse.data[3]).toBeGreaterThan(-Infinity);
  });

  test('reads the block mask in blocks of its own size', () => {
    const mask = { dtype: 'i32' as const, shape: [2, 3], data: Int32Array.of(1, 0, 0, 0, 0, 0) };
    const qkv = {
      q: normalTensor(1, 'q', [1, 4, 1, 2]),
      k: normalTensor(1, 'k', [1, 5, 1, 2]),
      v: normalTensor(1, 'v', [1, 5, 1, 2]),
    };
    const masked = { ...qkv, blockmask: mask };
    const sparse = resolveConfig({ blockRows: 2, blockCols: 2, br: 8, bc: 8 }, masked);
    const { lse } = attentionReference(sparse, masked);
    expect([...lse.data].map((value) => value > -Infinity)).toEqual([true, true, false, false]);
    const two = resolveConfig({ nq: 4, nk: 2, scale: sparse.scale, headDim: 2 });
    const short = (name: 'k' | 'v') => ({ ...qkv[name], shape: [1, 2, 1, 2], data: qkv[name].data.subarray(0, 4) });
    const dense = attentionReference(two, { q: qkv.q, k: short('k'), v: short('v') });
    expect(lse.data[1]).toBeCloseTo(dense.lse.data[1]!, 14);
  });
});
