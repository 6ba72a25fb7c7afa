// Causal depthwise convolution by definition, in float64: the inputs kept from before are put in front, then every output is a sum
// over the filter. A ring is first read into order.
//
// Source: Dao-AILab/causal-conv1d, causal_conv1d_ref and causal_conv1d_update_ref.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface ConvConfig {
  /** Sequences. */
  batch: number;
  /** Channels. */
  dim: number;
  /** Time steps; of a decode step, the new ones. */
  seqlen: number;
  /** Taps of the filter. */
  width: number;
  /** Inputs kept per channel by a decode step. */
  stateLen: number;
  /** What is applied to the output. */
  activation: 'silu' | 'none';
  hasBias: boolean;
  /** Inputs before the start are given. */
  hasInitialStates: boolean;
  /** A decode step against conv_state. */
  step: boolean;
  /** Conv_state is a ring: cache_seqlens is given. */
  circular: boolean;
}

const modulo = (value: number, by: number) => ((value % by) + by) % by;

/** @returns out, and final_states or (of a decode step) new_conv_state */
export function reference(
  config: ConvConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): Record<string, ReferenceTensor> {
  const { batch, dim, seqlen, width, stateLen, activation, hasBias, hasInitialStates, step, circular } = config;
  const kept = width - 1;
  const out = new Float64Array(batch * dim * seqlen);
  const after = new Float64Array(batch * dim * (step ? stateLen : kept));
  for (let row = 0; row < batch * dim; row++) {
    const channel = row % dim;
    const fresh = Array.from(inputs.x!.data.subarray(row * seqlen, (row + 1) * seqlen));
    const state = step ? Array.from(inputs.conv_state!.data.subarray(row * stateLen, (row + 1) * stateLen)) : [];
    const seen = step && circular ? inputs.cache_seqlens!.data[Math.floor(row / dim)]! : 0;
    let before: number[];
    if (step && circular) {
      before = Array.from({ length: kept }, (_, i) => state[modulo(seen - kept + i, stateLen)]!);
    } else if (step) {
      before = state;
    } else {
      const initial = inputs.initial_states?.data.subarray(row * kept, (row + 1) * kept);
      before = hasInitialStates ? Array.from(initial!) : new Array<number>(kept).fill(0);
    }
    const all = [...before, ...fresh];
    for (let t = 0; t < seqlen; t++) {
      let sum = hasBias ? inputs.bias!.data[channel]! : 0;
      for (let k = 0; k < width; k++) {
        sum += inputs.weight!.data[channel * width + k]! * all[before.length + t - kept + k]!;
      }
      out[row * seqlen + t] = activation === 'silu' ? sum / (1 + Math.exp(-sum)) : sum;
    }
    if (!step) after.set(kept > 0 ? all.slice(-kept) : [], row * kept);
    else if (!circular) after.set(stateLen > 0 ? all.slice(-stateLen) : [], row * stateLen);
    else {
      fresh.forEach((value, i) => {
        state[modulo(seen + i, stateLen)] = value;
      });
      after.set(state, row * stateLen);
    }
  }
  return {
    out: { shape: [batch, dim, seqlen], data: out },
    [step ? 'new_conv_state' : 'final_states']: { shape: [batch, dim, step ? stateLen : kept], data: after },
  };
}
