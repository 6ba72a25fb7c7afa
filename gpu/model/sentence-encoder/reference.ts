// The first layer's forward pass up to q, k and v in float64, written down from the package's graph and sharing nothing with the
// kernels or the primitives' references.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { EncoderConfig } from './config.ts';

type Weights = Record<
  'ids' | 'embedding' | 'timing_rates' | 'norm_scale' | 'norm_bias' | 'w_q' | 'b_q' | 'w_k' | 'b_k' | 'w_v' | 'b_v',
  Tensor
>;

/** q, k, v [1, n, heads, headDim]; q is not scaled, as attention's scale 1/√headDim does that. */
export function reference(config: EncoderConfig, inputs: Record<string, Tensor>): Record<string, ReferenceTensor> {
  const { n, heads, headDim } = config;
  const weights = inputs as Weights;
  const rows = Array.from({ length: n }, (_, position) =>
    normalise(config, layerInput(config, weights, position), weights),
  );
  const shape = [1, n, heads, headDim];
  const project = (w: Tensor, b: Tensor): ReferenceTensor => ({
    shape,
    data: Float64Array.from(rows.flatMap((row) => affine(row, w, b))),
  });
  return {
    q: project(weights.w_q, weights.b_q),
    k: project(weights.w_k, weights.b_k),
    v: project(weights.w_v, weights.b_v),
  };
}

/** Graph node Layer_0/add: the embedding, plus the embedding with its timing signal. */
function layerInput({ width }: EncoderConfig, weights: Weights, position: number): number[] {
  const id = weights.ids.data[position]!;
  const embedded = Array.from(weights.embedding.data.subarray(id * width, (id + 1) * width));
  const angles = Array.from(weights.timing_rates.data, (rate) => position * rate);
  const timing = [...angles.map(Math.sin), ...angles.map(Math.cos)];
  return embedded.map((value, c) => value + (value + timing[c]!));
}

/** Graph nodes layer_prepostprocess/layer_norm. */
function normalise({ width, normEpsilon }: EncoderConfig, x: number[], weights: Weights): number[] {
  const mean = x.reduce((sum, value) => sum + value, 0) / width;
  const meanSquare = x.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / width;
  const factor = 1 / Math.sqrt(meanSquare + normEpsilon);
  return x.map((value, c) => factor * weights.norm_scale.data[c]! * (value - mean) + weights.norm_bias.data[c]!);
}

/** Graph nodes qkv_transform_single: a 1 × 1 convolution is a product with the kernel matrix, plus a bias. */
function affine(x: number[], w: Tensor, b: Tensor): number[] {
  const columns = b.data.length;
  const out: number[] = Array.from(b.data);
  for (const [row, value] of x.entries()) {
    for (let c = 0; c < columns; c++) out[c] = out[c]! + value * w.data[row * columns + c]!;
  }
  return out;
}
