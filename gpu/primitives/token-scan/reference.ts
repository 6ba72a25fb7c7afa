// The selective scan over rows of tokens by its definition, in float64: one channel and one token after the other.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface TokenScanConfig {
  /** Sequences. */
  batch: number;
  /** Tokens of this run. */
  tokens: number;
  /** Each with a Δ of its own. */
  heads: number;
  /** Channels of a head. */
  headDim: number;
  /** States of a channel. */
  states: number;
  /** Groups of heads, each with B and C of its own. */
  groups: number;
  /** Tokens of the text before this run. */
  position: number;
  /** A rate for every state of every channel, or one for a head. */
  form: 's6' | 'ssd';
  /** A is given as ln(−A). */
  logRates: boolean;
  /** Δ = softplus(dt + dt_bias). */
  softplus: boolean;
  hasD: boolean;
  hasZ: boolean;
  /** A dt_bias is given. */
  hasBias: boolean;
}

/** @returns out, and state after the run as new_state */
export function reference(
  config: TokenScanConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<'out' | 'new_state', ReferenceTensor> {
  const { batch, tokens, heads, headDim, states, groups, position, form, logRates, softplus } = config;
  const get = (name: string, index: number) => inputs[name]!.data[index]!;
  const channels = heads * headDim;
  const out = new Float64Array(batch * tokens * channels);
  const after = new Float64Array(batch * channels * states);
  for (let row = 0; row < batch * channels; row++) {
    const [sequence, channel] = [Math.floor(row / channels), row % channels];
    const head = Math.floor(channel / headDim);
    const group = Math.floor(head / (heads / groups));
    const h = after.subarray(row * states, (row + 1) * states);
    if (position > 0) for (let n = 0; n < states; n++) h[n] = get('state', row * states + n);
    for (let t = 0; t < tokens; t++) {
      const token = sequence * tokens + t;
      const raw = get('dt', token * heads + head) + (config.hasBias ? get('dt_bias', head) : 0);
      const step = softplus ? Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw))) : raw;
      const x = get('x', token * channels + channel);
      let y = config.hasD ? get('D', head) * x : 0;
      for (let n = 0; n < states; n++) {
        const given = get('A', form === 's6' ? channel * states + n : head);
        const rate = logRates ? -Math.exp(given) : given;
        const map = (token * groups + group) * states + n;
        h[n] = Math.exp(step * rate) * h[n]! + step * get('B', map) * x;
        y += get('C', map) * h[n]!;
      }
      const z = config.hasZ ? get('z', token * channels + channel) : 0;
      out[token * channels + channel] = config.hasZ ? (y * z) / (1 + Math.exp(-z)) : y;
    }
  }
  return {
    out: { shape: [batch, tokens, heads, headDim], data: out },
    new_state: { shape: [batch, heads, headDim, states], data: after },
  };
}
