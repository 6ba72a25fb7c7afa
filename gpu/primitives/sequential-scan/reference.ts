// Selective scan by definition and in float64: the oracle of every variant. Walks one channel at a time, one state at a time.
//
//   h_t = Ā_t h_{t-1} + B̄_t u_t     y_t = Σ_n C_t[n] h_t[n] + D u_t     out_t = y_t silu(z_t)
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), equations 2 and 4; state-spaces/mamba, selective_scan_ref.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

/** What B or C depends on. constant: [dim, dstate]. time: [batch, dstate, seqlen]. grouped: [batch, groups, dstate, seqlen]. */
export type Form = 'constant' | 'time' | 'grouped';

export interface ScanConfig {
  /** Sequences. */
  batch: number;
  /** Channels. */
  dim: number;
  /** States per channel. */
  dstate: number;
  /** Time steps. */
  seqlen: number;
  /** Groups of channels that share B and C. */
  groups: number;
  bForm: Form;
  cForm: Form;
  /** Skip connection D u. */
  hasD: boolean;
  /** Gate silu(z). */
  hasZ: boolean;
  hasDeltaBias: boolean;
  /** Δ = softplus(delta + delta_bias). */
  deltaSoftplus: boolean;
  /** B̄ = Δ B as the published code has it, or the exact zero-order hold of the paper. */
  discretization: 'euler' | 'zoh';
  /** S4: delta, B and C are held at their mean over time. */
  mode: 's6' | 's4';
  /** Time steps per chunk of the chunked scan. */
  chunk: number;
  /** Time steps per workgroup of the parallel scans. */
  scan: number;
  /** Channels per workgroup; B and C are read once for all of them. */
  channels: number;
  /** Time steps of B and C that are staged at once. */
  time: number;
  /** Also return the last state. */
  lastState: boolean;
}

type Data = ArrayLike<number>;

const softplus = (x: number) => (x > 20 ? x : Math.log1p(Math.exp(x)));
const silu = (x: number) => x / (1 + Math.exp(-x));

/** Every row of `data` replaced by its mean. */
function meanOverTime(data: Data, seqlen: number): Float64Array {
  const held = new Float64Array(data.length);
  for (let row = 0; row < data.length; row += seqlen) {
    let sum = 0;
    for (let t = 0; t < seqlen; t++) sum += data[row + t]!;
    held.fill(sum / seqlen, row, row + seqlen);
  }
  return held;
}

/** B̄ / (Δ B): 1, or the zero-order hold's (e^x − 1) / x with x = Δ A, which is 1 in the limit. */
function inputGain(discretization: ScanConfig['discretization'], x: number): number {
  return discretization === 'euler' || x === 0 ? 1 : Math.expm1(x) / x;
}

export interface ScanReference extends Record<string, ReferenceTensor> {
  out: ReferenceTensor;
}

/**
 * @param inputs u, delta, z [batch, dim, seqlen], A [dim, dstate], B and C in any of their forms, D, delta_bias [dim]
 * @returns out [batch, dim, seqlen] and, unless the config says otherwise, last_state [batch, dim, dstate]
 */
export function reference(config: ScanConfig, inputs: Record<string, Pick<Tensor, 'data'>>): ScanReference {
  const { batch, dim, dstate, seqlen, groups, mode, deltaSoftplus, discretization } = config;
  const data = (name: string): Data => inputs[name]!.data;
  const overTime = (name: string, steps: number) => (mode === 's4' ? meanOverTime(data(name), steps) : data(name));
  const delta = overTime('delta', seqlen);
  const B = overTime('B', config.bForm === 'constant' ? 1 : seqlen);
  const C = overTime('C', config.cForm === 'constant' ? 1 : seqlen);
  const at = (form: ScanConfig['bForm'], b: number, d: number, n: number, t: number) => {
    if (form === 'constant') return d * dstate + n;
    const plane = form === 'grouped' ? b * groups + Math.floor((d * groups) / dim) : b;
    return (plane * dstate + n) * seqlen + t;
  };
  const out = new Float64Array(batch * dim * seqlen);
  const last = new Float64Array(batch * dim * dstate);
  for (let b = 0; b < batch; b++) {
    for (let d = 0; d < dim; d++) {
      const h = new Float64Array(dstate);
      for (let t = 0; t < seqlen; t++) {
        const i = (b * dim + d) * seqlen + t;
        const raw = delta[i]! + (config.hasDeltaBias ? data('delta_bias')[d]! : 0);
        const step = deltaSoftplus ? softplus(raw) : raw;
        const u = data('u')[i]!;
        let y = config.hasD ? data('D')[d]! * u : 0;
        for (let n = 0; n < dstate; n++) {
          const x = step * data('A')[d * dstate + n]!;
          const input = inputGain(discretization, x) * step * B[at(config.bForm, b, d, n, t)]! * u;
          h[n] = Math.exp(x) * h[n]! + input;
          y += C[at(config.cForm, b, d, n, t)]! * h[n]!;
        }
        out[i] = config.hasZ ? y * silu(data('z')[i]!) : y;
      }
      last.set(h, (b * dim + d) * dstate);
    }
  }
  return {
    out: { shape: [batch, dim, seqlen], data: out },
    ...(config.lastState && { last_state: { shape: [batch, dim, dstate], data: last } }),
  };
}
