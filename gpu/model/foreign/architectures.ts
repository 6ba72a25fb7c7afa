// How the models that can be brought along are said as stacks: their settings and where their tensors go.

import { parseConfig } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';

type Raw = Record<string, unknown>;
type Take = (name: string) => Tensor;
type Given = Record<string, () => Tensor>;

export interface Architecture {
  /** What may stand before a tensor's name. */
  prefixes: readonly string[];
  /** The config of a stack. @throws EngineError bad-config */
  stack(raw: Raw): object;
  /** Weight of the stack → what it is made of. `take` gives a tensor of the file, or refuses it by name. */
  weights(raw: Raw, take: Take): Given;
  /** Tensors that hold no weights: masks, tables that follow from the config. */
  isIdle(name: string): boolean;
}

/** Longest text that is kept room for: caches and tables grow with it. */
const MOST_TOKENS = 1024;

const count = z.int().check(z.gte(1), z.lte(1_000_000));
const few = z.int().check(z.gte(1), z.lte(64));
const epsilon = z._default(z.number().check(z.positive(), z.lte(1)), 1e-5);
const nothing = z.optional(z.literal(false));

/** [rows, columns] → [columns, rows] */
function turned({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const values = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) values[column * rows + row] = data[row * columns + column]!;
  return { dtype: 'f32', shape: [columns, rows], data: values };
}

/** `part` of `parts` equal stretches of the rows. */
function stretch({ shape, data }: Tensor, part: number, parts: number): Tensor {
  const rows = Math.floor(shape[0]! / parts);
  const size = (rows * data.length) / shape[0]!;
  return tensor('f32', [rows, ...shape.slice(1)], data.slice(part * size, (part + 1) * size));
}

const firstRows = (value: Tensor, rows: number): Tensor => {
  const width = value.data.length / value.shape[0]!;
  return tensor('f32', [Math.min(rows, value.shape[0]!), ...value.shape.slice(1)], value.data.slice(0, rows * width));
};

const ACTIVATIONS: Record<string, string> = {
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu: 'gelu',
  relu: 'relu',
  silu: 'silu',
};

const gpt2Schema = z.looseObject({
  n_embd: count,
  n_head: few,
  n_layer: few,
  n_inner: z.nullish(count),
  n_positions: count,
  vocab_size: count,
  layer_norm_epsilon: epsilon,
  activation_function: z._default(z.enum(['gelu_new', 'gelu_pytorch_tanh', 'gelu', 'relu', 'silu']), 'gelu_new'),
  scale_attn_weights: z._default(z.literal(true), true),
  scale_attn_by_inverse_layer_idx: nothing,
  add_cross_attention: nothing,
});

const gpt2: Architecture = {
  prefixes: ['transformer.'],
  stack(raw) {
    const config = parseConfig(gpt2Schema, raw);
    const {
      n_embd: width,
      n_head: heads,
      n_layer: layers,
      n_inner: inner,
      n_positions,
      vocab_size,
      layer_norm_epsilon,
    } = config;
    return {
      tokens: { kind: 'pieces', vocabulary: vocab_size },
      width,
      positions: { kind: 'learned' },
      blocks: Array.from({ length: layers }, () => [
        { kind: 'attention', heads, bias: true },
        { kind: 'mlp', hidden: inner ?? 4 * width, activation: ACTIVATIONS[config.activation_function], bias: true },
      ]).flat(),
      readout: { kind: 'next-token', classes: vocab_size },
      normEpsilon: layer_norm_epsilon,
      context: Math.min(n_positions, MOST_TOKENS),
    };
  },
  weights(raw, take) {
    const { n_layer: layers, n_positions } = parseConfig(gpt2Schema, raw);
    const rows = Math.min(n_positions, MOST_TOKENS);
    const given: Given = {
      'tokens.embedding': () => take('wte.weight'),
      'tokens.positions': () => firstRows(take('wpe.weight'), rows),
      'readout.norm.weight': () => take('ln_f.weight'),
      'readout.norm.bias': () => take('ln_f.bias'),
      // GPT-2 reads out by the rows that it reads in by.
      'readout.weight': () => take('wte.weight'),
    };
    for (let layer = 0; layer < layers; layer++) {
      const [mixer, forward] = [`blocks.${2 * layer}`, `blocks.${2 * layer + 1}`];
      const own = (name: string) => take(`h.${layer}.${name}`);
      for (const [index, name] of ['q', 'k', 'v'].entries()) {
        // q, k and v stand side by side, in the columns of a weight that is [in, out].
        given[`${mixer}.${name}_proj.weight`] = () => stretch(turned(own('attn.c_attn.weight')), index, 3);
        given[`${mixer}.${name}_proj.bias`] = () => stretch(own('attn.c_attn.bias'), index, 3);
      }
      const maps: [string, string][] = [
        [`${mixer}.o_proj`, 'attn.c_proj'],
        [`${forward}.up_proj`, 'mlp.c_fc'],
        [`${forward}.down_proj`, 'mlp.c_proj'],
      ];
      for (const [to, from] of maps) {
        given[`${to}.weight`] = () => turned(own(`${from}.weight`));
        given[`${to}.bias`] = () => own(`${from}.bias`);
      }
      for (const part of ['weight', 'bias']) {
        given[`${mixer}.norm.${part}`] = () => own(`ln_1.${part}`);
        given[`${forward}.norm.${part}`] = () => own(`ln_2.${part}`);
      }
    }
    return given;
  },
  isIdle: (name) => /\.attn\.(bias|masked_bias)$|^lm_head\.weight$/.test(name),
};

const llamaSchema = z.looseObject({
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: few,
  num_key_value_heads: z.optional(few),
  head_dim: z.nullish(count),
  num_hidden_layers: few,
  max_position_embeddings: count,
  vocab_size: count,
  rms_norm_eps: epsilon,
  rope_theta: z._default(z.number().check(z.gt(1)), 10_000),
  rope_scaling: z.nullish(z.looseObject({ factor: z.number().check(z.gte(1)) })),
  hidden_act: z._default(z.literal('silu'), 'silu'),
  tie_word_embeddings: z._default(z.boolean(), false),
  attention_bias: z._default(z.boolean(), false),
  mlp_bias: nothing,
});

/** @throws EngineError bad-config for a scaling that rotary positions do not have here */
function scalingOf(scaling: { factor: number; [key: string]: unknown } | null | undefined): object {
  if (!scaling) return {};
  const kind = scaling.rope_type ?? scaling.type;
  if (kind === 'linear' || kind === 'dynamic') return { scaling: kind, factor: scaling.factor };
  const limit = ['linear', 'dynamic'];
  const message = `rope_scaling: positions scaled by ${JSON.stringify(kind)} cannot be run; ${limit.join(' and ')} can`;
  throw new EngineError('bad-config', message, { field: 'rope_scaling', value: kind, limit });
}

const llama: Architecture = {
  prefixes: ['model.'],
  stack(raw) {
    const config = parseConfig(llamaSchema, raw);
    const { hidden_size: width, num_attention_heads: heads, num_key_value_heads: kvHeads = heads, head_dim } = config;
    return {
      tokens: { kind: 'pieces', vocabulary: config.vocab_size },
      width,
      positions: { kind: 'rope', theta: config.rope_theta, ...scalingOf(config.rope_scaling) },
      blocks: Array.from({ length: config.num_hidden_layers }, () => [
        {
          kind: 'attention',
          norm: 'rms',
          heads,
          kvHeads,
          headDim: head_dim ?? Math.floor(width / heads),
          bias: config.attention_bias,
        },
        { kind: 'mlp', norm: 'rms', hidden: config.intermediate_size, activation: 'swiglu' },
      ]).flat(),
      readout: { kind: 'next-token', norm: 'rms', classes: config.vocab_size },
      normEpsilon: config.rms_norm_eps,
      context: Math.min(config.max_position_embeddings, MOST_TOKENS),
    };
  },
  weights(raw, take) {
    const { num_hidden_layers: layers, tie_word_embeddings: tied } = parseConfig(llamaSchema, raw);
    const given: Given = {
      'tokens.embedding': () => take('embed_tokens.weight'),
      'readout.norm.weight': () => take('norm.weight'),
      'readout.weight': () => take(tied ? 'embed_tokens.weight' : 'lm_head.weight'),
    };
    for (let layer = 0; layer < layers; layer++) {
      const [mixer, forward] = [`blocks.${2 * layer}`, `blocks.${2 * layer + 1}`];
      const own = (name: string) => () => take(`layers.${layer}.${name}`);
      for (const name of ['q_proj', 'k_proj', 'v_proj', 'o_proj'])
        for (const part of ['weight', 'bias']) given[`${mixer}.${name}.${part}`] = own(`self_attn.${name}.${part}`);
      for (const name of ['gate_proj', 'up_proj', 'down_proj'])
        given[`${forward}.${name}.weight`] = own(`mlp.${name}.weight`);
      given[`${mixer}.norm.weight`] = own('input_layernorm.weight');
      given[`${forward}.norm.weight`] = own('post_attention_layernorm.weight');
    }
    return given;
  },
  isIdle: (name) => /rotary_emb\.inv_freq$|^lm_head\.weight$/.test(name),
};

const mambaSchema = z.looseObject({
  hidden_size: count,
  state_size: z._default(z.int().check(z.gte(1), z.lte(32)), 16),
  num_hidden_layers: few,
  vocab_size: count,
  conv_kernel: z._default(z.int().check(z.gte(2), z.lte(8)), 4),
  expand: z._default(few, 2),
  intermediate_size: z.optional(count),
  time_step_rank: z._default(z.union([count, z.literal('auto')]), 'auto'),
  layer_norm_epsilon: epsilon,
  hidden_act: z._default(z.literal('silu'), 'silu'),
  use_bias: nothing,
  use_conv_bias: z._default(z.literal(true), true),
  tie_word_embeddings: z._default(z.boolean(), true),
});

const MIXER = [
  'in_proj.weight',
  'conv1d.weight',
  'conv1d.bias',
  'x_proj.weight',
  'dt_proj.weight',
  'dt_proj.bias',
  'A_log',
  'D',
  'out_proj.weight',
];

const mamba: Architecture = {
  prefixes: ['backbone.'],
  stack(raw) {
    const config = parseConfig(mambaSchema, raw);
    const { hidden_size: width, time_step_rank: rank } = config;
    const mixer = {
      kind: 'mamba',
      norm: 'rms',
      inner: config.intermediate_size ?? config.expand * width,
      states: config.state_size,
      conv: config.conv_kernel,
      dtRank: rank === 'auto' ? Math.ceil(width / 16) : rank,
      innerNorms: false,
    };
    return {
      tokens: { kind: 'pieces', vocabulary: config.vocab_size },
      width,
      positions: { kind: 'none' },
      blocks: Array.from({ length: config.num_hidden_layers }, () => mixer),
      readout: { kind: 'next-token', norm: 'rms', classes: config.vocab_size },
      normEpsilon: config.layer_norm_epsilon,
      context: MOST_TOKENS,
    };
  },
  weights(raw, take) {
    const { num_hidden_layers: layers, tie_word_embeddings: tied } = parseConfig(mambaSchema, raw);
    const given: Given = {
      'tokens.embedding': () => take('embeddings.weight'),
      'readout.norm.weight': () => take('norm_f.weight'),
      'readout.weight': () => take(tied ? 'embeddings.weight' : 'lm_head.weight'),
    };
    for (let layer = 0; layer < layers; layer++) {
      for (const name of MIXER) given[`blocks.${layer}.${name}`] = () => take(`layers.${layer}.mixer.${name}`);
      given[`blocks.${layer}.norm.weight`] = () => take(`layers.${layer}.norm.weight`);
    }
    return given;
  },
  isIdle: (name) => /^lm_head\.weight$/.test(name),
};

/** By the `model_type` of config.json. */
export const architectures: Record<string, Architecture> = { gpt2, llama, mamba };
