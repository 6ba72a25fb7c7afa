// SSD by its recurrence, one token at a time and in float64: the oracle of both variants, which never run a recurrence over tokens.
//
//   h_t = exp(a_t) h_{t-1} + X_t B_tᵀ     y_t = h_t C_t
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), equation 2 with a scalar A; state-spaces/mamba, ssd_minimal and ssd_combined.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface SsdConfig {
  /** Which tensors are given. */
  form: 'minimal' | 'combined';
  /** Sequences. */
  batch: number;
  /** Time steps. */
  seqlen: number;
  heads: number;
  /** Channels of a head, P. */
  headDim: number;
  /** Groups of heads that share B and C; of the minimal form, one a head. */
  groups: number;
  /** States per channel, N. */
  dstate: number;
  /** Time steps per chunk. */
  chunk: number;
  /** How the decay between two steps of a chunk is made: a sum of its own from step to step, or a difference of running sums. */
  decaySum: 'direct' | 'running';
  /** What seeded inputs are: gentle decays throughout, or one step in eight that wipes the state out (a document's end, say). */
  task: 'none' | 'resets';
  /** Δ = softplus(dt + dt_bias). */
  dtSoftplus: boolean;
  /** Skip connection. */
  hasD: boolean;
  /** Gate. */
  hasZ: boolean;
  hasDtBias: boolean;
  hasInitialStates: boolean;
}

/** @returns Y or out [batch, seqlen, heads, headDim], and final_state [batch, heads, headDim, dstate] */
export function reference(
  config: SsdConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<string, ReferenceTensor> {
  const { batch, seqlen, heads, headDim, groups, dstate, form, dtSoftplus, hasD, hasZ, hasDtBias } = config;
  const get = (name: string, index: number) => inputs[name]!.data[index]!;
  const signal = form === 'minimal' ? 'X' : 'x';
  const out = new Float64Array(batch * seqlen * heads * headDim);
  const final = new Float64Array(batch * heads * headDim * dstate);
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads; head++) {
      const group = Math.floor((head * groups) / heads);
      const at = (b * heads + head) * headDim * dstate;
      const h = Float64Array.from({ length: headDim * dstate }, (_, i) =>
        config.hasInitialStates ? get('initial_states', at + i) : 0,
      );
      for (let t = 0; t < seqlen; t++) {
        const token = b * seqlen + t;
        let decay = 0;
        let step = 1;
        if (form === 'minimal') decay = get('A', token * heads + head);
        else {
          const raw = get('dt', token * heads + head) + (hasDtBias ? get('dt_bias', head) : 0);
          step = !dtSoftplus || raw > 20 ? raw : Math.log1p(Math.exp(raw));
          decay = step * get('A', head);
        }
        const map = (token * groups + group) * dstate;
        for (let p = 0; p < headDim; p++) {
          const i = (token * heads + head) * headDim + p;
          let y = hasD ? get('D', head) * get(signal, i) : 0;
          for (let n = 0; n < dstate; n++) {
            const state = Math.exp(decay) * h[p * dstate + n]! + step * get(signal, i) * get('B', map + n);
            h[p * dstate + n] = state;
            y += state * get('C', map + n);
          }
          out[i] = hasZ ? (y * get('z', i)) / (1 + Math.exp(-get('z', i))) : y;
        }
      }
      final.set(h, at);
    }
  }
  return {
    [form === 'minimal' ? 'Y' : 'out']: { shape: [batch, seqlen, heads, headDim], data: out },
    final_state: { shape: [batch, heads, headDim, dstate], data: final },
  };
}
