// Float64 by definition: the attention graph of every head, the votes over it, and which tokens come out on top.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface PruningConfig {
  /** Sequences. */
  batch: number;
  heads: number;
  /** Tokens of a sequence, CLS among them, and channels of each: N and C. */
  tokens: number;
  dim: number;
  /** Rounds of voting. */
  iterations: number;
  /** τ: scores are divided by it before the softmax. */
  temperature: number;
  /** d: share of every round's score that is given to all tokens alike. */
  damping: number;
  /** Scores before the first round: all alike, or CLS √N times the others'. */
  start: 'uniform' | 'cls';
  /** Share of the tokens, CLS aside, that is kept. */
  ratio: number;
  /** Whether a token_mask hides keys. */
  hasMask: boolean;
}

type Inputs = Record<string, Pick<Tensor, 'data'>>;

/** How many tokens stay, CLS aside. */
export const keptTokens = ({ tokens, ratio }: Pick<PruningConfig, 'tokens' | 'ratio'>) =>
  Math.floor((tokens - 1) * ratio);

/** y = x Wᵀ + bias for every row of x. */
function linear(x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  const [outputs, inputs] = [bias.length, weight.length / bias.length];
  return Float64Array.from({ length: (x.length / inputs) * outputs }, (_, at) => {
    const [row, output] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[output]!;
    for (let i = 0; i < inputs; i++) sum += weight[output * inputs + i]! * x[row * inputs + i]!;
    return sum;
  });
}

/** q, k and v of every token, [batch, tokens, 3, heads, dim / heads]; and the scaled products of q and k, [batch, heads, tokens, tokens]. */
export function scoresOf(config: PruningConfig, inputs: Inputs): { qkv: Float64Array; scores: Float64Array } {
  const { batch, heads, tokens, dim } = config;
  const width = dim / heads;
  const qkv = linear(inputs.x!.data, inputs.qkv_weight!.data, inputs.qkv_bias!.data);
  const scores = Float64Array.from({ length: batch * heads * tokens * tokens }, (_, at) => {
    const [key, query] = [at % tokens, Math.floor(at / tokens) % tokens];
    const [head, sequence] = [Math.floor(at / tokens ** 2) % heads, Math.floor(at / tokens ** 2 / heads)];
    let product = 0;
    for (let c = head * width; c < (head + 1) * width; c++)
      product += qkv[(sequence * tokens + query) * 3 * dim + c]! * qkv[((sequence * tokens + key) * 3 + 1) * dim + c]!;
    return product / Math.sqrt(width);
  });
  return { qkv, scores };
}

/** Softmax of every row over the keys that the mask leaves, scores divided by τ; a row that sees no key is all 0. */
function attentionOf(
  { heads, tokens }: PruningConfig,
  scores: ArrayLike<number>,
  temperature: number,
  mask?: ArrayLike<number>,
): Float64Array {
  const attention = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += tokens) {
    const sequence = Math.floor(row / tokens ** 2 / heads);
    const keys = [...Array(tokens).keys()].filter((key) => mask?.[sequence * tokens + key] !== 0);
    const most = keys.reduce((largest, key) => Math.max(largest, scores[row + key]!), Number.NEGATIVE_INFINITY);
    const powers = keys.map((key) => Math.exp((scores[row + key]! - most) / temperature));
    const sum = powers.reduce((all, power) => all + power, 0);
    keys.forEach((key, i) => {
      attention[row + key] = powers[i]! / sum;
    });
  }
  return attention;
}

/** The last round's score of every token: [batch, heads, tokens]. */
function votesOf(config: PruningConfig, attention: Float64Array): Float64Array {
  const { batch, heads, tokens, iterations, damping, start } = config;
  const cls = start === 'cls' ? Math.sqrt(tokens) : 1;
  let votes = new Float64Array(batch * heads * tokens).map(
    (_, at) => (at % tokens === 0 ? cls : 1) / (tokens - 1 + cls),
  );
  for (let round = 0; round < iterations; round++) {
    const before = votes;
    votes = before.map((_, at) => {
      const first = at - (at % tokens);
      let sum = 0;
      for (let voter = 0; voter < tokens; voter++)
        sum += attention[(first + voter) * tokens + (at % tokens)]! * before[first + voter]!;
      return sum * (1 - damping) + damping / tokens;
    });
  }
  return votes;
}

/** Root mean square over heads of the last round's scores, CLS left out: [batch, tokens − 1]. */
function importanceOf({ batch, heads, tokens }: PruningConfig, votes: Float64Array): Float64Array {
  return Float64Array.from({ length: batch * (tokens - 1) }, (_, at) => {
    const [sequence, token] = [Math.floor(at / (tokens - 1)), (at % (tokens - 1)) + 1];
    let squares = 0;
    for (let head = 0; head < heads; head++) squares += votes[(sequence * heads + head) * tokens + token]! ** 2;
    return Math.sqrt(squares / heads);
  });
}

/** Tokens by falling importance; of equals the lower index comes first. */
function orderOf({ batch, tokens }: PruningConfig, importance: Float64Array): Float64Array {
  const patches = tokens - 1;
  return Float64Array.from(
    [...Array(batch).keys()].flatMap((sequence) => {
      const own = importance.subarray(sequence * patches, (sequence + 1) * patches);
      return [...own.keys()].sort((a, b) => own[b]! - own[a]! || a - b);
    }),
  );
}

/** Given scores, their ranking; given tokens, the pruning layer: its attention output besides, and which tokens it keeps. */
export function reference(config: PruningConfig, inputs: Inputs): Record<string, ReferenceTensor> {
  const { batch, heads, tokens, dim, temperature, hasMask } = config;
  const mask = hasMask ? inputs.token_mask!.data : undefined;
  const given = inputs.attention_score?.data;
  const { qkv, scores } = given ? { qkv: null, scores: given } : scoresOf(config, inputs);
  const importance = importanceOf(config, votesOf(config, attentionOf(config, scores, temperature, mask)));
  const order = orderOf(config, importance);
  const shape = [batch, tokens - 1];
  const ranking = { importance: { shape, data: importance }, order: { shape, data: order } };
  if (!qkv) return ranking;
  const weights = attentionOf(config, scores, 1, mask);
  const mixed = new Float64Array(batch * tokens * dim).map((_, at) => {
    const [channel, row] = [at % dim, Math.floor(at / dim)];
    const [sequence, query] = [Math.floor(row / tokens), row % tokens];
    const graph = sequence * heads + Math.floor((channel * heads) / dim);
    const value = (key: number) => qkv[((sequence * tokens + key) * 3 + 2) * dim + channel]!;
    const own = weights.subarray((graph * tokens + query) * tokens, (graph * tokens + query + 1) * tokens);
    return own.reduce((sum, weight, key) => sum + weight * value(key), 0);
  });
  const kept = importance.map((_, at) => {
    const first = at - (at % (tokens - 1));
    return Number(order.subarray(first, first + keptTokens(config)).includes(at - first));
  });
  return {
    ...ranking,
    out: { shape: [batch, tokens, dim], data: linear(mixed, inputs.proj_weight!.data, inputs.proj_bias!.data) },
    next_mask: { shape, data: kept },
  };
}
