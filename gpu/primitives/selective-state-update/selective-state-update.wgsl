// One decode step of the selective scan: the state moves on by one token, in place.
//
//   state[n] ← Ā[n] state[n] + B̄[n] x     out = (Σ_n C[n] state[n] + D x) · silu(z)
//   Δ = softplus(dt + bias),  Ā = exp(Δ A),  B̄ = Δ B (first order) or (exp(Δ A) − 1) / A · B (zero-order hold)
//
//   x, dt, z, out [batch, dim]   B, C [batch, groups, N]   state [batch, dim, N]   row-major f32; dim = heads · channels a head
//   grid: (ceil(dim / LANES), batch); one invocation per channel
//
// Source: state-spaces/mamba, selective_state_update_ref.

const LANES: u32 = 32u; // channels per workgroup  @tune 16 32 64 128
const N: u32 = 16u; // states per channel  @shape
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag
const HAS_BIAS: bool = true; // dt_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const ZOH: bool = false; // exact zero-order hold  @flag

struct Params {
  dim: u32, // channels
  group_dim: u32, // channels that share B and C
  z_at: u32, // first element of z
  z_batch: u32, // elements between batch entries of z
  b_at: u32, // first element of B in bc
  b_batch: u32, // elements between batch entries of B
  c_at: u32, // first element of C in bc
  c_batch: u32, // elements between batch entries of C
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, dim]
@group(0) @binding(1) var<storage, read> dt: array<f32>; // step size before bias and softplus [batch, dim]
@group(0) @binding(2) var<storage, read> z: array<f32>; // gate [batch, dim]
@group(0) @binding(3) var<storage, read> bc: array<f32>; // input map B and output map C, each [batch, groups, N]
@group(0) @binding(4) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then dt_bias [dim]
@group(0) @binding(5) var<storage, read_write> state: array<f32>; // [batch, dim, N]
@group(0) @binding(6) var<storage, read_write> out: array<f32>; // [batch, dim]
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = grid.x * LANES + lane;
  let batch = grid.y;
  if (channel >= params.dim) {
    return;
  }
  let row = batch * params.dim + channel;
  let group = channel / params.group_dim;
  let b_row = params.b_at + batch * params.b_batch + group * N;
  let c_row = params.c_at + batch * params.c_batch + group * N;
  //: load-token
  let signal = x[row];
  var step = dt[row];
  if (HAS_BIAS) {
    step += weights[params.dim * (N + 1u) + channel];
  }
  if (SOFTPLUS) {
    step = softplus(step);
  }
  var y = 0.0;
  if (HAS_D) {
    y = weights[params.dim * N + channel] * signal;
  }
  for (var n = 0u; n < N; n++) {
    //: update-state
    let exponent = step * weights[channel * N + n];
    var input = step * signal * bc[b_row + n];
    if (ZOH) {
      input *= hold(exponent);
    }
    let h = decay(exponent) * state[row * N + n] + input;
    state[row * N + n] = h;
    y += bc[c_row + n] * h;
    //: record h step at batch channel state=n
  }
  if (HAS_Z) {
    let gate = z[params.z_at + batch * params.z_batch + channel];
    y *= gate / (1.0 + exp(-gate));
  }
  out[row] = y;
}
// ---- from softplus.wgsl
// ln(1 + eˣ) = max(x, 0) + 2 artanh(e / (2 + e)), e = exp(−|x|), by its series: log(1 + e) would lose the digits of a small e.
fn softplus(x: f32) -> f32 {
  if (x > 20.0) { return x; }
  let e = exp(-abs(x));
  let s = e / (2.0 + e);
  let s2 = s * s;
  let artanh = s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 * (1.0 / 11.0 + s2 / 13.0))))));
  return max(x, 0.0) + 2.0 * artanh;
}
// ---- from hold.wgsl
// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: f32) -> f32 {
  if (abs(x) < 0.35) {
    return 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  }
  return (exp(x) - 1.0) / x;
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
