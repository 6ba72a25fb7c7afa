// The Mamba-1 mixer by definition, in float64 and token by token: the causal filter, the maps to Δ, B and C, the recurrence, the
// gate and the output map.
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), algorithm 2 and figure 3; state-spaces/mamba, mamba_inner_ref.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface BlockConfig {
  /** Sequences. */
  batch: number;
  /** Channels inside the block. */
  dim: number;
  /** Time steps. */
  seqlen: number;
  /** States per channel. */
  dstate: number;
  /** Rank of the map that makes Δ. */
  deltaRank: number;
  /** Taps of the convolution. */
  width: number;
  /** Channels of the output. */
  outDim: number;
  /** Channels of the hidden states, with inProj. */
  dModel: number;
  /** Start from hidden_states, else from xz. */
  inProj: boolean;
  hasConvBias: boolean;
  /** Skip connection. */
  hasD: boolean;
  hasDeltaBias: boolean;
  /** B̄ = Δ B, or the exact zero-order hold. */
  discretization: 'euler' | 'zoh';
  /** S4: Δ, B and C are held at their mean over time; no decode. */
  mode: 's6' | 's4';
  /** What seeded inputs are: noise, or a block that solves induction, with streams for it (dim = outDim + 2). */
  task: 'none' | 'induction';
  /** Channels per workgroup of the scan. */
  channels: number;
  /** Time steps of B and C that the scan stages at once. */
  time: number;
}

type Data = ArrayLike<number>;

const silu = (x: number) => x / (1 + Math.exp(-x));
const softplus = (x: number) => (x > 20 ? x : Math.log1p(Math.exp(x)));

/** W [rows, x.length] times x. */
function apply(weight: Data, x: readonly number[], rows: number): number[] {
  return Array.from({ length: rows }, (_, o) =>
    x.reduce((sum, value, i) => sum + weight[o * x.length + i]! * value, 0),
  );
}

const mean = (columns: readonly number[][]) =>
  columns[0]!.map((_, i) => columns.reduce((sum, column) => sum + column[i]!, 0) / columns.length);

/** @returns out [batch, seqlen, outDim] */
export function reference(
  config: BlockConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<string, ReferenceTensor> {
  const { batch, dim, seqlen, dstate, deltaRank, width, outDim, dModel, discretization } = config;
  const get = (name: string): Data => inputs[name]!.data;
  const out: number[] = [];
  for (let b = 0; b < batch; b++) {
    const xz = Array.from({ length: seqlen }, (_, t) =>
      config.inProj
        ? apply(
            get('in_proj_weight'),
            Array.from({ length: dModel }, (__, i) => get('hidden_states')[(b * seqlen + t) * dModel + i]!),
            2 * dim,
          )
        : Array.from({ length: 2 * dim }, (__, c) => get('xz')[(b * 2 * dim + c) * seqlen + t]!),
    );
    const filtered = xz.map((_, t) =>
      Array.from({ length: dim }, (__, d) => {
        let sum = config.hasConvBias ? get('conv1d_bias')[d]! : 0;
        for (let back = 0; back < width && back <= t; back++) {
          sum += get('conv1d_weight')[d * width + width - 1 - back]! * xz[t - back]![d]!;
        }
        return silu(sum);
      }),
    );
    let maps = filtered.map((x) => apply(get('x_proj_weight'), x, deltaRank + 2 * dstate));
    if (config.mode === 's4') maps = maps.map(() => mean(maps));
    const h = Array.from({ length: dim }, () => new Array<number>(dstate).fill(0));
    for (let t = 0; t < seqlen; t++) {
      const map = maps[t]!;
      const delta = apply(get('delta_proj_weight'), map.slice(0, deltaRank), dim);
      const y = h.map((state, d) => {
        const step = softplus(delta[d]! + (config.hasDeltaBias ? get('delta_bias')[d]! : 0));
        const u = filtered[t]![d]!;
        let sum = config.hasD ? get('D')[d]! * u : 0;
        for (let n = 0; n < dstate; n++) {
          const x = step * get('A')[d * dstate + n]!;
          const gain = discretization === 'euler' || x === 0 ? 1 : Math.expm1(x) / x;
          state[n] = Math.exp(x) * state[n]! + gain * step * map[deltaRank + n]! * u;
          sum += map[deltaRank + dstate + n]! * state[n]!;
        }
        return sum * silu(xz[t]![dim + d]!);
      });
      out.push(...apply(get('out_proj_weight'), y, outDim));
    }
  }
  return { out: { shape: [batch, seqlen, outDim], data: Float64Array.from(out) } };
}
