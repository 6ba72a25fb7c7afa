// The norm that a block puts before what it does, or after it.

import { z } from '../../core/schema.ts';
import type { PassSpec, Runtime } from '../../plan/plan.ts';
import { layernorm } from '../../primitives/layernorm/layernorm.ts';
import { rmsnorm } from '../../primitives/rmsnorm/rmsnorm.ts';
import type { Composition, Place, Stretch } from '../composition.ts';
import type { StackSize, Weight, Weights64 } from '../part.ts';

/** Keys that every block has, for the norm that it comes with. */
export const normKeys = {
  norm: z._default(z.enum(['layer', 'rms', 'none']), 'layer'),
  /** Before what the block does, on its way in; or after the sum of both ways. */
  place: z._default(z.enum(['pre', 'post']), 'pre'),
  /** Whether what came in is added to what the block makes of it. */
  residual: z._default(z.boolean(), true),
};

export interface NormKeys {
  norm: 'layer' | 'rms' | 'none';
  place: 'pre' | 'post';
  residual: boolean;
}

export function normWeights({ norm }: Pick<NormKeys, 'norm'>, { width }: StackSize): Record<string, Weight> {
  if (norm === 'none') return {};
  const scale: Weight = { axes: ['channel'], shape: [width], title: 'scale of the norm', fill: 1 };
  if (norm === 'rms') return { 'norm.weight': scale };
  return {
    'norm.weight': scale,
    'norm.bias': { axes: ['channel'], shape: [width], title: 'shift of the norm', fill: 0 },
  };
}

/** Adds the norm of `x`, with the weights `<name>.weight` and, of a layer norm, `<name>.bias`. */
export function callNorm(
  to: Composition,
  { norm }: Pick<NormKeys, 'norm'>,
  { batch, context, width, epsilon }: StackSize,
  x: Place,
  out: Place,
  name = 'norm',
): void {
  const config = { rows: batch * context, width, epsilon };
  const isLayer = norm === 'layer';
  to.call(name, {
    mechanism: isLayer ? layernorm : rmsnorm,
    variant: 'tuned',
    config,
    tensors: {
      x,
      out,
      [isLayer ? 'scale' : 'weight']: { own: `${name}.weight` },
      ...(isLayer && { bias: { own: `${name}.bias` } }),
    },
    runtime: perRow,
  });
}

/** The norm kernels have a workgroup or a lane for every row. */
const perRow = ({ kernel, constants, params }: PassSpec): Runtime => ({
  ...(Object.hasOwn(params, 'rows') && { params: { rows: 'tokens' } }),
  workgroups: [{ of: 'tokens', per: kernel.endsWith('-per-row.wgsl') ? (constants.LANES as number) : 1 }, null, null],
});

/** Adds an RMS norm within a block, over `width` columns. */
export function callInnerNorm(
  to: Composition,
  name: string,
  { batch, context, epsilon }: StackSize,
  { x, out, weight, width }: { x: Place | Stretch; out: Place | Stretch; weight: string; width: number },
): void {
  const config = { rows: batch * context, width, epsilon };
  const tensors = { x, out, weight: { own: weight } };
  // The only variant that takes columns of a wider tensor.
  to.call(name, { mechanism: rmsnorm, variant: 'shared', config, tensors, runtime: perRow });
}

/**
 * What stands around what a block does: its norm before it or after it, and the way past it.
 *
 * @param inner adds what the block does, from its input to `y`; what is to be added to it is given, where the last kernel can do so
 */
export function aroundBlock(
  to: Composition,
  keys: NormKeys,
  size: StackSize,
  inner: (input: Place, y: Place, residual: Place | undefined) => void,
): void {
  const residual = keys.residual ? 'x' : undefined;
  if (keys.norm === 'none') inner('x', 'y', residual);
  else if (keys.place === 'pre') {
    callNorm(to, keys, size, 'x', { between: 'normed' });
    inner({ between: 'normed' }, 'y', residual);
  } else {
    inner('x', { between: 'sum' }, residual);
    callNorm(to, keys, size, { between: 'sum' }, 'y');
  }
}

/** Float64: one row after the other. */
export function normRows(
  { norm }: Pick<NormKeys, 'norm'>,
  { width, epsilon }: StackSize,
  weights: Weights64,
  x: ArrayLike<number>,
): Float64Array {
  const out = Float64Array.from(x);
  if (norm === 'none') return out;
  for (let start = 0; start < out.length; start += width) {
    const row = out.subarray(start, start + width);
    const mean = norm === 'layer' ? row.reduce((sum, value) => sum + value, 0) / width : 0;
    const square = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (let c = 0; c < width; c++) {
      const shift = norm === 'layer' ? weights['norm.bias']![c]! : 0;
      row[c] = ((row[c]! - mean) / Math.sqrt(square + epsilon)) * weights['norm.weight']![c]! + shift;
    }
  }
  return out;
}

/** Float64: the way through a block and past it. */
export function referenceAround(
  keys: NormKeys,
  size: StackSize,
  weights: Weights64,
  x: ArrayLike<number>,
  inner: (x: Float64Array) => Float64Array,
): Float64Array {
  const input = keys.place === 'pre' ? normRows(keys, size, weights, x) : Float64Array.from(x);
  const sum = inner(input).map((value, i) => value + (keys.residual ? x[i]! : 0));
  return keys.place === 'post' ? normRows(keys, size, weights, sum) : sum;
}

/** Float64: every row by itself, in place of a block's own stream. */
export function rmsRows(x: ArrayLike<number>, weight: ArrayLike<number>, epsilon: number): Float64Array {
  const width = weight.length;
  return Float64Array.from(x, (value, i) => {
    const start = i - (i % width);
    let square = 0;
    for (let c = 0; c < width; c++) square += x[start + c]! ** 2;
    return (value / Math.sqrt(square / width + epsilon)) * weight[i % width]!;
  });
}

/** Float64: columns `from` … `from + count − 1` of rows of `width`. */
export function columnsOf(x: Float64Array, width: number, from: number, count: number): Float64Array {
  const rows = x.length / width;
  return Float64Array.from({ length: rows * count }, (_, i) => x[Math.floor(i / count) * width + from + (i % count)]!);
}

/** Float64: x Wᵀ + bias, rows of `k` to rows of `n`. */
export function mapRows(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  { k, n, bias }: { k: number; n: number; bias?: ArrayLike<number> | undefined },
): Float64Array {
  const rows = x.length / k;
  const out = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < n; column++) {
      let sum = bias ? bias[column]! : 0;
      for (let i = 0; i < k; i++) sum += x[row * k + i]! * weight[column * k + i]!;
      out[row * n + column] = sum;
    }
  }
  return out;
}
