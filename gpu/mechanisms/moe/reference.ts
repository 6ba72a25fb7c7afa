// A sparse mixture of experts by its definition, in float64: token by token, expert by expert.
//
// Source: huggingface/transformers, JambaSparseMoeBlock and JambaMLP (modeling_jamba.py).

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface MoeConfig {
  /** Sequences. */
  batch: number;
  /** Tokens of a sequence. */
  seqlen: number;
  /** Channels of a token. */
  dim: number;
  /** Hidden channels of an expert. */
  ffn: number;
  experts: number;
  /** Experts that a token goes to. */
  topK: number;
  /** Weights of a token's experts add up to 1. */
  renormalise: boolean;
}

export const tokensOf = ({ batch, seqlen }: MoeConfig) => batch * seqlen;

type Inputs = Record<string, Pick<Tensor, 'data'>>;

const product = (matrix: Tensor['data'], from: number, rows: number, vector: readonly number[]) =>
  Array.from({ length: rows }, (_, row) =>
    vector.reduce((sum, value, i) => sum + matrix[(from + row) * vector.length + i]! * value, 0),
  );

/** Logits of every token, and its experts with their weights, largest first; of equals the lower index. */
export function route(config: MoeConfig, inputs: Inputs) {
  const { dim, experts, topK, renormalise } = config;
  const { hidden_states, router_weight } = inputs as Record<'hidden_states' | 'router_weight', Tensor>;
  return Array.from({ length: tokensOf(config) }, (_, token) => {
    const row = Array.from(hidden_states.data.subarray(token * dim, (token + 1) * dim));
    const logits = product(router_weight.data, 0, experts, row);
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const all = powers.reduce((sum, power) => sum + power, 0);
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b).slice(0, topK);
    const chosen = order.reduce((sum, expert) => sum + powers[expert]!, 0);
    return {
      row,
      logits,
      choices: order.map((expert) => ({ expert, weight: powers[expert]! / (renormalise ? chosen : all) })),
    };
  });
}

/** How many experts have any token. */
export function busyExperts(config: MoeConfig, inputs: Inputs): number {
  return new Set(route(config, inputs).flatMap(({ choices }) => choices.map(({ expert }) => expert))).size;
}

export function reference(config: MoeConfig, inputs: Inputs): Record<string, ReferenceTensor> {
  const { batch, seqlen, dim, ffn, experts, topK } = config;
  const { gate_proj, up_proj, down_proj } = inputs as Record<'gate_proj' | 'up_proj' | 'down_proj', Tensor>;
  const tokens = route(config, inputs);
  const out = tokens.flatMap(({ row, choices }) => {
    const sum = new Array<number>(dim).fill(0);
    for (const { expert, weight } of choices) {
      const gate = product(gate_proj.data, expert * ffn, ffn, row);
      const up = product(up_proj.data, expert * ffn, ffn, row);
      const hidden = gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]!);
      product(down_proj.data, expert * dim, dim, hidden).forEach((value, channel) => {
        sum[channel]! += weight * value;
      });
    }
    return sum;
  });
  return {
    out: { shape: [batch, seqlen, dim], data: Float64Array.from(out) },
    router_logits: {
      shape: [batch * seqlen, experts],
      data: Float64Array.from(tokens.flatMap(({ logits }) => logits)),
    },
    selected_experts: {
      shape: [batch * seqlen, topK],
      data: Float64Array.from(tokens.flatMap(({ choices }) => choices.map(({ expert }) => expert))),
    },
  };
}
