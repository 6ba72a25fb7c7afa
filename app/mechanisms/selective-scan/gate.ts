// The gate that theorem 1 says a scan of one state is: h = (1 − g) h + g u with g = sigmoid(delta). Closed form, in float64 from the
// inputs; it stands beside what was recorded.
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), theorem 1: N = 1, A = −1, B = 1, Δ = softplus(delta).

import type { Recording } from '../../exhibit/recording.ts';

/** [batch, dim, seqlen]; null where the run is not in the theorem's setting. */
export function gateOf({ config, inputs }: Recording): Float64Array | null {
  const { task, dstate, seqlen, mode, deltaSoftplus, hasD, hasZ, hasDeltaBias } = config;
  const inSetting = task === 'gate' && dstate === 1 && mode === 's6' && deltaSoftplus === true;
  if (!inSetting || hasD === true || hasZ === true || hasDeltaBias === true) return null;
  const [u, delta] = [inputs.u!.data, inputs.delta!.data];
  const gated = new Float64Array(u.length);
  for (let i = 0; i < u.length; i++) {
    const gate = 1 / (1 + Math.exp(-delta[i]!));
    const before = i % Number(seqlen) === 0 ? 0 : gated[i - 1]!;
    gated[i] = (1 - gate) * before + gate * u[i]!;
  }
  return gated;
}

/** Largest distance of the run's output from the gate. */
export function distanceFromGate(recording: Recording, gated: Float64Array): number {
  const out = recording.outputs.out!.data;
  return gated.reduce((most, value, i) => Math.max(most, Math.abs(value - out[i]!)), 0);
}
