// How every golden family runs through the public API, as data: golden tests of this project read nothing else, and neither do
// golden vectors kept elsewhere. A family more is an entry more; a family is here once every case that some variant can take passes.

import { type Tensor, tensor } from '../core/tensor.ts';
import { cctBlock, jambaLayer, primerAttention } from './golden-blocks.ts';
import {
  type GoldenFamily,
  type GoldenRun,
  given,
  type Inputs,
  type Params,
  renamed,
  rowsOf,
} from './golden-family.ts';

export type { GoldenFamily, GoldenRun } from './golden-family.ts';

/** Channels of a head that attention's kernels have room for. */
const MOST_HEAD_CHANNELS = 128;
/** States of a channel that the scan kernels hold in registers. */
const MOST_STATES = 32;

const number = (params: Params, key: string, otherwise: number) => (params[key] as number | undefined) ?? otherwise;

const DENSE_VARIANTS = ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse', 'flash-v2-tuned'];

/** q, k, v and, packed, the cumulative lengths go in as they are. */
const denseAttention: GoldenFamily = {
  mechanism: 'attention',
  variants: DENSE_VARIANTS,
  experiment(params, inputs) {
    // Heads wider than the kernels have room for.
    if (inputs.q!.shape.at(-1)! > MOST_HEAD_CHANNELS) return null;
    const windowLeft = number(params, 'window_left', -1);
    const windowRight = number(params, 'window_right', -1);
    const keys = { causal: Boolean(params.causal), softcap: params.softcap, scale: params.softmax_scale };
    // Causal stands above window_right, as in the config.
    if (keys.causal || windowLeft < 0 || windowRight >= 0) return given({ ...keys, windowLeft, windowRight }, inputs);
    return beforeTheDiagonal(keys, windowLeft, inputs);
  },
  outputs: { out: 'out', lse: 'lse' },
};

/**
 * A window_right of −1 is unlimited in the goldens only where window_left is, too; beside a window_left it is a number like any
 * other, and a row's last key is the one before its diagonal. The config's −1 always means unlimited, so such a case is said in
 * other words: nobody sees the last key of a sequence, and without it the diagonal is where that window ends.
 */
function beforeTheDiagonal(keys: Record<string, unknown>, windowLeft: number, inputs: Inputs): GoldenRun {
  const kept = (rows: number) => (windowLeft === 0 ? 0 : Math.max(0, rows - 1));
  const mask = { ...keys, windowLeft: windowLeft - 1, windowRight: 0 };
  const { q, k, v, cu_seqlens_k: ends } = inputs as Record<'q' | 'k' | 'v', Tensor> & { cu_seqlens_k?: Tensor };
  if (!ends) return given({ ...mask, seqlensK: Array.from({ length: q.shape[0]! }, () => kept(k.shape[1]!)) }, inputs);
  const cumulative = [0];
  const rows: number[] = [];
  for (let sequence = 1; sequence < ends.data.length; sequence++) {
    const first = ends.data[sequence - 1]!;
    const length = kept(ends.data[sequence]! - first);
    rows.push(...Array.from({ length }, (_, row) => first + row));
    cumulative.push(rows.length);
  }
  return given(mask, {
    ...inputs,
    k: rowsOf(k, rows),
    v: rowsOf(v, rows),
    cu_seqlens_k: tensor('i32', ends.shape, cumulative),
  });
}

const blockSparseAttention: GoldenFamily = {
  mechanism: 'attention',
  // The only one that takes a block mask.
  variants: ['flash-v2-block-sparse'],
  experiment(params, inputs) {
    const { qkv, attn_mask: mask, blockmask } = inputs as Record<'qkv' | 'attn_mask' | 'blockmask', Tensor>;
    const [batch, seqlen, , heads, headDim] = qkv.shape as [number, number, number, number, number];
    // Heads wider than the kernels have room for.
    if (headDim > MOST_HEAD_CHANNELS) return null;
    const lengths = Array.from({ length: batch }, (_, sequence) => {
      const valid = mask.data.subarray(sequence * seqlen, (sequence + 1) * seqlen);
      const length = valid.indexOf(0) < 0 ? seqlen : valid.indexOf(0);
      return valid.subarray(length).some((each) => each !== 0) ? Number.NaN : length;
    });
    // Padding inside a sequence: a config says how long each one is, and no more.
    if (lengths.some(Number.isNaN)) return null;
    // [batch, seqlen, 3, heads, headDim] → one of the three.
    const part = (index: number) => {
      const each = rowsOf(
        { ...qkv, shape: [batch * seqlen * 3, heads, headDim] },
        Array.from({ length: batch * seqlen }, (_, row) => 3 * row + index),
      );
      return { ...each, shape: [batch, seqlen, heads, headDim] };
    };
    return given(
      {
        scale: params.softmax_scale,
        seqlensQ: lengths,
        seqlensK: lengths,
        blockRows: number(params, 'block_rows', 16),
        blockCols: number(params, 'block_cols', 256),
      },
      { q: part(0), k: part(1), v: part(2), blockmask },
    );
  },
  outputs: { out: 'out' },
};

/** @param states input whose last axis counts the states of a channel */
const fewStates = (inputs: Inputs, states: string) => inputs[states]!.shape.at(-1)! <= MOST_STATES;

const ssd = (outputs: GoldenFamily['outputs']): GoldenFamily => ({
  mechanism: 'ssd',
  variants: ['chunked', 'quadratic'],
  experiment: (params, inputs) =>
    given({ chunk: params.block_len ?? params.chunk_size, dtSoftplus: params.dt_softplus }, inputs),
  outputs,
});

/** No activation is null in the goldens; both names of SiLU are. */
const conv1d = (variant: string, outputs: GoldenFamily['outputs']): GoldenFamily => ({
  mechanism: 'causal-conv1d',
  variants: [variant],
  experiment: ({ activation }, inputs) =>
    given({ activation: activation === 'silu' || activation === 'swish' ? 'silu' : 'none' }, inputs),
  outputs,
});

const voting = ({ iters, tau_imp, damping }: Params) => ({ iterations: iters, temperature: tau_imp, damping });

export const goldenMap: Record<string, GoldenFamily> = {
  fa_dense: denseAttention,
  fa_gqa: denseAttention,
  fa_window: denseAttention,
  fa_varlen: denseAttention,
  fa_blocksparse: blockSparseAttention,
  mamba_selective_scan: {
    mechanism: 'selective-scan',
    variants: ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked'],
    // More states of a channel than the kernels hold in registers.
    experiment: (params, inputs) =>
      fewStates(inputs, 'A') ? given({ deltaSoftplus: params.delta_softplus }, inputs) : null,
    outputs: { out: 'out', last_state: 'last_state' },
  },
  mamba_state_update: {
    mechanism: 'selective-state-update',
    variants: ['direct'],
    experiment: (params, inputs) => given({ dtSoftplus: params.dt_softplus }, inputs),
    outputs: { out: 'out', new_state: 'new_state' },
  },
  mamba_ssd_minimal: ssd({ Y: 'Y', final_state: 'final_state' }),
  mamba_ssd_combined: ssd({ out: 'out' }),
  mamba_inner: {
    mechanism: 'mamba-block',
    variants: ['fused'],
    // More states of a channel than the scan holds in registers.
    experiment: (_params, inputs) => (fewStates(inputs, 'A') ? given({}, inputs) : null),
    outputs: { out: 'out' },
  },
  causal_conv1d: conv1d('direct', { out: 'out', final_states: 'final_states' }),
  causal_conv1d_update: conv1d('update', { out: 'out', new_conv_state: 'new_conv_state' }),
  zerotprune_wpr: {
    mechanism: 'token-pruning',
    variants: ['wpr'],
    experiment: (params, inputs) => given(voting(params), inputs),
    outputs: { importance: 'importance', order: 'order' },
  },
  zerotprune_attention_prune: {
    mechanism: 'token-pruning',
    variants: ['attention-prune'],
    experiment: (params, inputs) =>
      given({ ...voting(params), heads: params.heads, ratio: params.retain_rate }, inputs),
    outputs: { out: 'out', importance: 'importance', next_mask: 'next_mask' },
  },
  rope: {
    mechanism: 'positions',
    variants: ['rope'],
    experiment: ({ style, scaling, theta, factor, max_position_embeddings }, inputs) =>
      given({ style, scaling, theta, factor, maxPositionEmbeddings: max_position_embeddings }, inputs),
    outputs: { q_rot: 'q_rot', k_rot: 'k_rot', inv_freq: 'inv_freq', cos: 'cos', sin: 'sin' },
  },
  alibi_bias: {
    mechanism: 'positions',
    variants: ['alibi'],
    // MPT's biases do not look at the mask, which only says how many sequences and keys there are.
    experiment({ style, nheads: heads, alibi_bias_max: alibiBiasMax }, { attention_mask: mask }) {
      const [batch, seqlen] = mask!.shape;
      const keys = { style, heads, alibiBiasMax, batch, seqlen };
      return given(keys, style === 'mpt' ? {} : { attention_mask: mask! });
    },
    outputs: { slopes: 'slopes', bias: 'bias' },
  },
  sinusoidal_positions: {
    mechanism: 'positions',
    variants: ['sinusoidal'],
    experiment: ({ style, dim }, inputs) => given({ style, dim }, inputs),
    outputs: { table: 'table' },
  },
  jamba_moe: {
    mechanism: 'moe',
    variants: ['top-k'],
    experiment: ({ top_k: topK }, inputs) => given({ topK, renormalise: false }, inputs),
    outputs: { out: 'out', router_logits: 'router_logits', selected_experts: 'selected_experts' },
  },
  cct_tokenizer: {
    mechanism: 'cct-tokenizer',
    variants: ['direct'],
    experiment: (params, inputs) =>
      given(
        {
          layers: params.n_conv_layers,
          inPlanes: params.in_planes,
          outChannels: params.out_channels,
          kernel: params.kernel,
          stride: params.stride,
          padding: params.padding,
          poolKernel: params.pool_kernel,
          poolStride: params.pool_stride,
          poolPadding: params.pool_padding,
          maxPool: params.max_pool,
          activation: params.activation,
        },
        // w.conv_layers.<i>.0.weight
        renamed(inputs, (name) => name.replace(/^w\./, '').replace('.0.weight', '.weight').replaceAll('.', '_')),
      ),
    outputs: { tokens: 'tokens', map: 'map' },
  },
  cct_seqpool: {
    mechanism: 'cct-head',
    variants: ['direct'],
    experiment: (params, inputs) =>
      given(
        { seqPool: params.seq_pool },
        renamed(inputs, (name) => name.replace(/^w\./, '').replaceAll('.', '_')),
      ),
    outputs: { normed: 'normed', pool_logits: 'pool_logits', pooled: 'pooled', logits: 'logits' },
  },
  cct_block: cctBlock,
  primer_mdha: primerAttention,
  jamba_layer: jambaLayer,
};
