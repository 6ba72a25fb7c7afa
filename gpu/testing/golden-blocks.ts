// Golden families of blocks: how the official code's layers are said as blocks of a stack.

import { type Tensor, tensor } from '../core/tensor.ts';
import { type GoldenFamily, given, rowsOf } from './golden-family.ts';

/** [rows, columns] → [columns, rows] */
function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const values = Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return tensor('f32', [columns, rows], values);
}

export const primerAttention: GoldenFamily = {
  mechanism: 'block',
  variants: ['sequence'],
  experiment(params, inputs) {
    // Queries that are made of the filtered keys.
    if (params.share_qk_rep) return null;
    const { heads, kv_heads: kvHeads, d_kv: headDim, causal } = params;
    const taps = (name: string, factor = 1) => {
      const rows = [0, 1, 2].flatMap((s) => Array.from(inputs[`w.${name}_dconv/conv_${s}`]!.data, (w) => factor * w));
      return tensor('f32', [3, rows.length / 3], rows);
    };
    // Queries that are scaled before they are read: a block scales scores, so the filter does it here.
    const folded = params.fold_scaling_into_initializer ? 1 : 1 / Math.sqrt(headDim as number);
    const attention = { kind: 'attention', norm: 'none', residual: false, qkvConv: 3, scale: 1 };
    return given(
      { blocks: [{ ...attention, heads, kvHeads, headDim, causal }], firstNorm: 'layer', normEpsilon: 1e-6 },
      {
        x: inputs.x!,
        'first.norm.weight': inputs['w.primer_norm_scale']!,
        'first.norm.bias': inputs['w.primer_norm_bias']!,
        ...Object.fromEntries(
          ['q', 'k', 'v', 'o'].map((name) => [`blocks.0.${name}_proj.weight`, transposed(inputs[`w.${name}`]!)]),
        ),
        'blocks.0.q_conv': taps('q', folded),
        'blocks.0.k_conv': taps('k'),
        'blocks.0.v_conv': taps('v'),
      },
    );
  },
  outputs: { q: 'q_0', k: 'k_cache_0', v: 'v_cache_0', out: 'out', normed: 'normed' },
};

/** Attention, norm and feed-forward of one layer, by its own names. */
export const cctBlock: GoldenFamily = {
  mechanism: 'block',
  variants: ['cct'],
  experiment({ heads, ff: hidden, masked }, { src, mask: _, ...inputs }) {
    // A row that is masked as a whole looks at all keys alike: attention has no mask that does so.
    if (masked) return null;
    const weights = Object.entries(inputs).map(([name, value]) => [name.replace(/^w\./, ''), value]);
    return given({ kind: 'cct', heads, hidden }, { x: src!, ...Object.fromEntries(weights) });
  },
  outputs: { attn: 'attn', mid: 'mid', out: 'out' },
};

/** Two blocks for every layer: what mixes tokens, and what works on each. */
export const jambaLayer: GoldenFamily = {
  mechanism: 'block',
  variants: ['sequence'],
  experiment(params, { hidden_states: x, attention_mask: mask, ...inputs }) {
    // Padding within a batch: a block has none.
    if (mask) return null;
    const weights: Record<string, Tensor> = { 'final.norm.weight': inputs['w.final_layernorm.weight']! };
    const blocks = Array.from({ length: params.n_layers as number }, (_, layer) => {
      const own = (name: string) => inputs[`w.layers.${layer}.${name}`];
      const take = (block: number, from: string, names: readonly string[]) => {
        for (const name of names) weights[`blocks.${block}.${name}`] = own(`${from}${name}`)!;
      };
      const [mixer, after] = [2 * layer, 2 * layer + 1];
      weights[`blocks.${mixer}.norm.weight`] = own('input_layernorm.weight')!;
      weights[`blocks.${after}.norm.weight`] = own('pre_ff_layernorm.weight')!;
      const isAttention = own('self_attn.q_proj.weight') !== undefined;
      if (isAttention)
        take(
          mixer,
          'self_attn.',
          ['q', 'k', 'v', 'o'].map((name) => `${name}_proj.weight`),
        );
      else take(mixer, 'mamba.', JAMBA_MIXER);
      const both = own('feed_forward.experts.gate_up_proj');
      if (both) {
        take(after, 'feed_forward.', ['router.weight']);
        take(after, 'feed_forward.experts.', ['down_proj']);
        const [experts, rows, width] = both.shape as [number, number, number];
        const half = (second: number) => {
          const units = rows / 2;
          const indices = Array.from(
            { length: experts * units },
            (_, i) => Math.floor(i / units) * rows + second * units + (i % units),
          );
          const picked = rowsOf({ ...both, shape: [experts * rows, width] }, indices);
          return { ...picked, shape: [experts, units, width] };
        };
        weights[`blocks.${after}.gate_proj`] = half(0);
        weights[`blocks.${after}.up_proj`] = half(1);
      } else
        take(
          after,
          'feed_forward.',
          ['gate', 'up', 'down'].map((name) => `${name}_proj.weight`),
        );
      const {
        d_state: states,
        d_conv: conv,
        dt_rank: dtRank,
        intermediate_size: hidden,
        num_experts: experts,
      } = params;
      const { num_attention_heads: heads, num_key_value_heads: kvHeads, top_k: topK, expand } = params;
      const inner = (expand as number) * (params.hidden_size as number);
      return [
        isAttention
          ? { kind: 'attention', norm: 'rms', heads, kvHeads }
          : { kind: 'mamba', norm: 'rms', inner, states, conv, dtRank },
        both
          ? { kind: 'moe', norm: 'rms', experts, topK, hidden }
          : { kind: 'mlp', norm: 'rms', hidden, activation: 'swiglu' },
      ];
    });
    return given({ blocks: blocks.flat(), finalNorm: 'rms', normEpsilon: params.rms_norm_eps }, { x: x!, ...weights });
  },
  outputs: {
    out: 'out',
    ...Object.fromEntries(
      [0, 1, 2, 3].flatMap((layer) => [
        [`mixer_${layer}`, `made_${2 * layer}`],
        [`hidden_${layer}`, `hidden_${2 * layer + 1}`],
        [`router_logits_${layer}`, `router_logits_${2 * layer + 1}`],
        [`selected_${layer}`, `selected_experts_${2 * layer + 1}`],
      ]),
    ),
  },
};

const JAMBA_MIXER = [
  ...['in_proj', 'x_proj', 'dt_proj', 'out_proj', 'conv1d'].map((name) => `${name}.weight`),
  ...['dt_layernorm', 'b_layernorm', 'c_layernorm'].map((name) => `${name}.weight`),
  'conv1d.bias',
  'dt_proj.bias',
  'A_log',
  'D',
];
