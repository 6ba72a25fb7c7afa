// The tokenizer by the definitions of what it consists of, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import { reference as convolve } from '../conv2d/reference.ts';
import { reference as pool } from '../max-pool/reference.ts';
import { reference as cut } from '../patches/reference.ts';
import { poolOf, stagesOf, type TokenizerConfig } from './stages.ts';

/** map = n × (convolution, ReLU, max pooling) of x; tokens = its places as rows. */
export function reference(
  config: TokenizerConfig,
  inputs: Readonly<Record<string, Pick<Tensor, 'data'>>>,
): Record<'map' | 'tokens', ReferenceTensor> {
  const { batch, kernel, stride, padding, activation, maxPool, outChannels } = config;
  let data: ArrayLike<number> = inputs.x!.data;
  let extents = { height: config.height, width: config.width };
  for (const [i, { planes, outPlanes, before, filtered, after }] of stagesOf(config).entries()) {
    const windows = { kernel, stride, padding };
    const weight = inputs[`conv_layers_${i}_weight`]!;
    data = convolve({ batch, planes, outPlanes, ...before, ...windows, activation }, { x: { data }, weight }).out.data;
    if (maxPool) data = pool({ batch, planes: outPlanes, ...filtered, ...poolOf(config) }, { x: { data } }).out.data;
    extents = after;
  }
  const tokens = cut({ batch, planes: outChannels, ...extents, patch: 1, padding: 0 }, { x: { data } }).out;
  const shape = [batch, outChannels, extents.height, extents.width];
  return { map: { shape, data: Float64Array.from(data) }, tokens };
}
