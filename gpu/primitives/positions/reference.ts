// Rotary positions, ALiBi and sinusoidal tables by their definitions, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export type Style = 'half' | 'interleaved' | 'bloom' | 'mpt' | 'marian' | 'gptj' | 'paper';

export interface PositionsConfig {
  /** Sequences. */
  batch: number;
  /** Heads of q, of x, or of the biases. */
  heads: number;
  /** Heads of k. */
  kvHeads: number;
  /** Rows of a sequence; keys of the biases. */
  seqlen: number;
  /** Channels of a head; columns of a sinusoidal table. */
  dim: number;
  /** Channels that are rotated: the first ones. */
  rotaryDim: number;
  /** Sequences that have positions of their own: 1 or all. */
  positionBatch: number;
  /** Position of row 0, where positions are not given. */
  position: number;
  /** Largest position and 1 more, for dynamic scaling; follows from the positions where it is not said. */
  reach?: number;
  /** Length trained on, for dynamic scaling. */
  maxPositionEmbeddings: number;
  /** Which pairs, which form of the biases, or which columns. */
  style: Style;
  scaling: 'default' | 'linear' | 'dynamic';
  /** Wavelengths grow from 2π to 2π · theta. */
  theta: number;
  factor: number;
  /** MPT: minus the power of two that is the last slope. */
  alibiBiasMax: number;
  hasPositions: boolean;
}

export const isRotary = ({ style }: Pick<PositionsConfig, 'style'>) => style === 'half' || style === 'interleaved';
export const isAlibi = ({ style }: Pick<PositionsConfig, 'style'>) => style === 'bloom' || style === 'mpt';

export const reachOf = ({ reach, position, seqlen }: PositionsConfig) => reach ?? position + seqlen;

type Inputs = Record<string, Pick<Tensor, 'data'>>;
type Outputs = Record<string, ReferenceTensor>;

export function reference(config: PositionsConfig, inputs: Inputs): Outputs {
  if (isAlibi(config)) return alibi(config, inputs);
  return isRotary(config) ? rope(config, inputs) : sinusoidal(config, inputs);
}

/** Position of a row: the one given, or the next. */
const positionsOf =
  ({ position, seqlen }: PositionsConfig, { positions }: Inputs) =>
  (sequence: number, row: number) =>
    positions ? positions.data[sequence * seqlen + row]! : position + row;

function rope(config: PositionsConfig, inputs: Inputs): Outputs {
  const { batch, heads, kvHeads, seqlen, dim, rotaryDim, positionBatch, style } = config;
  const pairs = rotaryDim / 2;
  const frequency = frequencies(config);
  const at = positionsOf(config, inputs);
  const angle = (sequence: number, row: number, pair: number) =>
    at(positionBatch === 1 ? 0 : sequence, row) * frequency[pair]!;
  const members = (pair: number) => (style === 'half' ? [pair, pair + pairs] : [2 * pair, 2 * pair + 1]);

  function rotated({ data }: Pick<Tensor, 'data'>, count: number): ReferenceTensor {
    const turned = Float64Array.from(data);
    for (let each = 0; each < batch * count * seqlen; each++) {
      for (let pair = 0; pair < pairs; pair++) {
        const theta = angle(Math.floor(each / (count * seqlen)), each % seqlen, pair);
        const [a, b] = members(pair).map((channel) => each * dim + channel) as [number, number];
        turned[a] = data[a]! * Math.cos(theta) - data[b]! * Math.sin(theta);
        turned[b] = data[b]! * Math.cos(theta) + data[a]! * Math.sin(theta);
      }
    }
    return { shape: [batch, count, seqlen, dim], data: turned };
  }

  function spread(wave: (angle: number) => number): ReferenceTensor {
    const data = new Float64Array(positionBatch * seqlen * rotaryDim);
    for (let row = 0; row < positionBatch * seqlen; row++)
      for (let pair = 0; pair < pairs; pair++)
        for (const channel of members(pair))
          data[row * rotaryDim + channel] = wave(angle(Math.floor(row / seqlen), row % seqlen, pair));
    return { shape: [positionBatch, seqlen, rotaryDim], data };
  }

  if (inputs.x) return { y: rotated(inputs.x, heads) };
  return {
    q_rot: rotated(inputs.q!, heads),
    k_rot: rotated(inputs.k!, kvHeads),
    inv_freq: { shape: [pairs], data: Float64Array.from(frequency) },
    cos: spread(Math.cos),
    sin: spread(Math.sin),
  };
}

/** Radians per position of every pair. Source: transformers, modeling_rope_utils.py: linear scaling and dynamic NTK. */
function frequencies(config: PositionsConfig): number[] {
  const { rotaryDim: d, theta, scaling, factor, maxPositionEmbeddings: trained } = config;
  const length = Math.max(reachOf(config), trained);
  let base = theta;
  if (scaling === 'dynamic' && d > 2) base *= ((factor * length) / trained - (factor - 1)) ** (d / (d - 2));
  const list: number[] = [];
  for (let i = 0; i < d; i += 2) list.push(1 / base ** (i / d) / (scaling === 'linear' ? factor : 1));
  return list;
}

function sinusoidal(config: PositionsConfig, inputs: Inputs): Outputs {
  const { seqlen, dim, theta, style } = config;
  const at = positionsOf(config, inputs);
  const data = new Float64Array(seqlen * dim);
  for (let row = 0; row < seqlen; row++) {
    const angles: number[] = [];
    for (let i = 0; i < dim; i += 2) angles.push(at(0, row) / theta ** (i / dim));
    const waves =
      style === 'paper'
        ? angles.flatMap((angle) => [Math.sin(angle), Math.cos(angle)])
        : [...angles.map(Math.sin), ...angles.map(Math.cos)];
    data.set(waves.slice(0, dim), row * dim);
  }
  return { table: { shape: [seqlen, dim], data } };
}

function alibi({ style, batch, heads, seqlen, alibiBiasMax }: PositionsConfig, { attention_mask }: Inputs): Outputs {
  const slopes = style === 'bloom' ? bloomSlopes(heads) : mptSlopes(heads, alibiBiasMax);
  const data: number[] = [];
  for (let sequence = 0; sequence < batch; sequence++) {
    for (const slope of slopes) {
      let seen = 0;
      for (let key = 0; key < seqlen; key++) {
        const mask = style === 'bloom' ? attention_mask!.data[sequence * seqlen + key]! : 1;
        seen += mask;
        data.push(slope * (style === 'bloom' ? (seen - 1) * mask : key - (seqlen - 1)));
      }
    }
  }
  return {
    slopes: { shape: [heads], data: Float64Array.from(slopes) },
    bias: { shape: [batch, heads, seqlen], data: Float64Array.from(data) },
  };
}

/** Source: transformers, modeling_bloom.py, build_alibi_tensor. */
function bloomSlopes(heads: number): number[] {
  let closest = 1;
  while (2 * closest <= heads) closest *= 2;
  const slopes: number[] = [];
  for (let i = 1; i <= closest; i++) slopes.push((2 ** (-8 / closest)) ** i);
  for (let i = 1; slopes.length < heads; i += 2) slopes.push((2 ** (-4 / closest)) ** i);
  return slopes;
}

/** Source: transformers, modeling_mpt.py, build_mpt_alibi_tensor. */
function mptSlopes(heads: number, max: number): number[] {
  const count = 2 ** Math.ceil(Math.log2(heads));
  const all: number[] = [];
  for (let i = 1; i <= count; i++) all.push(1 / 2 ** ((i * max) / count));
  if (count === heads) return all;
  const order = [...all.keys()].sort((a, b) => (b % 2) - (a % 2) || a - b);
  return order.slice(0, heads).map((i) => all[i]!);
}
