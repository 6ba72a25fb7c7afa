// One step of the selective scan by definition, in float64.
//
// Source: state-spaces/mamba, selective_state_update_ref.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface UpdateConfig {
  /** Sequences. */
  batch: number;
  /** Heads; 0 for tensors without that axis (Mamba-1). */
  heads: number;
  /** Channels, of a head where there are heads. */
  dim: number;
  /** States per channel. */
  dstate: number;
  /** Groups that share B and C; 0 for B and C without that axis. */
  groups: number;
  /** Δ = softplus(dt + dt_bias). */
  dtSoftplus: boolean;
  /** B̄ = Δ B, or the exact zero-order hold. */
  discretization: 'euler' | 'zoh';
  /** Skip connection. */
  hasD: boolean;
  /** Gate. */
  hasZ: boolean;
  hasDtBias: boolean;
}

/** @returns out (shape of x) and new_state (shape of state) */
export function reference(
  config: UpdateConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<string, ReferenceTensor> {
  const { batch, heads, dim, dstate, groups, dtSoftplus, discretization, hasD, hasZ, hasDtBias } = config;
  const channels = (heads || 1) * dim;
  const perGroup = channels / (groups || 1);
  const get = (name: string, index: number) => inputs[name]!.data[index]!;
  const state = new Float64Array(batch * channels * dstate);
  const out = new Float64Array(batch * channels);
  for (let i = 0; i < out.length; i++) {
    const channel = i % channels;
    const map = Math.floor(i / channels) * (groups || 1) + Math.floor(channel / perGroup);
    const raw = get('dt', i) + (hasDtBias ? get('dt_bias', channel) : 0);
    const step = !dtSoftplus || raw > 20 ? raw : Math.log1p(Math.exp(raw));
    let y = hasD ? get('D', channel) * get('x', i) : 0;
    for (let n = 0; n < dstate; n++) {
      const x = step * get('A', channel * dstate + n);
      const gain = discretization === 'euler' || x === 0 ? 1 : Math.expm1(x) / x;
      const h = Math.exp(x) * get('state', i * dstate + n) + gain * step * get('B', map * dstate + n) * get('x', i);
      state[i * dstate + n] = h;
      y += get('C', map * dstate + n) * h;
    }
    out[i] = hasZ ? (y * get('z', i)) / (1 + Math.exp(-get('z', i))) : y;
  }
  const signal = heads > 0 ? [batch, heads, dim] : [batch, dim];
  return { out: { shape: signal, data: out }, new_state: { shape: [...signal, dstate], data: state } };
}
