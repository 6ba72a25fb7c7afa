// The selective scan over rows of tokens, with a state that stays from run to run: a recurrence over the tokens of this run.
//
//   Δ = softplus(dt + dt_bias)     h[n] ← exp(Δ A[n]) h[n] + Δ B[n] x     out = Σ_n C[n] h[n]
//
//   x [batch, tokens, heads, head_dim]   dt [batch, tokens, heads]   B, C [batch, tokens, groups, N]   state [batch, channels, N]
//   A : ln(−A) where LOG_RATES; [channels, N] where PER_STATE (S6, with heads of one channel), else [heads] (SSD, Mamba-2)
//   x, dt, B, C are views with strides of their own   grid : (ceil(channels / LANES), batch); one invocation per channel, its states in registers
//
// Source: state-spaces/mamba, selective_scan_ref; Gu and Dao 2023 (arXiv:2312.00752); Dao and Gu 2024 (arXiv:2405.21060).

const LANES: u32 = 32u; // channels per workgroup  @tune 16 32 64 128
const N: u32 = 16u; // states per channel  @shape
const PER_STATE: bool = true; // every state has a rate of its own  @flag
const LOG_RATES: bool = true; // A is given as ln(−A)  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const HAS_BIAS: bool = true; // dt_bias  @flag

struct Params {
  channels: u32, // heads · head_dim
  head_dim: u32, // channels that share Δ
  group_dim: u32, // channels that share B and C
  tokens: u32, // rows of this run
  position: u32, // tokens of the text before this run; at 0 the state starts from zero
  x_at: u32, // first element of x, and elements from one sequence or token to the next
  x_batch: u32,
  x_token: u32,
  dt_at: u32, // the same of dt
  dt_batch: u32,
  dt_token: u32,
  b_at: u32, // of B in bc
  b_batch: u32,
  b_token: u32,
  c_at: u32, // of C in bc
  c_batch: u32,
  c_token: u32,
  out_batch: u32, // elements from one sequence of out to the next
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, channels]
@group(0) @binding(1) var<storage, read> dt: array<f32>; // [batch, tokens, heads]
@group(0) @binding(2) var<storage, read> bc: array<f32>; // B and C, each [batch, tokens, groups, N]
@group(0) @binding(3) var<storage, read> A: array<f32>; // [channels, N] or [heads]
@group(0) @binding(4) var<storage, read> dt_bias: array<f32>; // [heads]
@group(0) @binding(5) var<storage, read_write> state: array<f32>; // [batch, channels, N]
@group(0) @binding(6) var<storage, read_write> out: array<f32>; // [batch, tokens, channels]
@group(0) @binding(7) var<uniform> params: Params;

fn rate_at(index: u32) -> f32 {
  if (LOG_RATES) { return -exp(A[index]); }
  return A[index];
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let channel = id.x;
  let batch = id.y;
  if (channel >= params.channels) { return; }
  let head = channel / params.head_dim;
  let kept = (batch * params.channels + channel) * N;
  //: load-state
  var h: array<f32, N>;
  var rates: array<f32, N>; // the first alone where they are all the same
  for (var n = 0u; n < N; n++) {
    if (params.position > 0u) { h[n] = state[kept + n]; }
    if (PER_STATE) { rates[n] = rate_at(channel * N + n); }
  }
  if (!PER_STATE) { rates[0] = rate_at(head); }
  var bias = 0.0;
  if (HAS_BIAS) { bias = dt_bias[head]; }

  for (var row = 0u; row < params.tokens; row++) {
    //: take-token
    var step = dt[params.dt_at + batch * params.dt_batch + row * params.dt_token + head] + bias;
    if (SOFTPLUS) { step = softplus(step); }
    let input = step * x[params.x_at + batch * params.x_batch + row * params.x_token + channel];
    let group = channel / params.group_dim * N;
    let b_row = params.b_at + batch * params.b_batch + row * params.b_token + group;
    let c_row = params.c_at + batch * params.c_batch + row * params.c_token + group;
    var left = decay(step * rates[0]);
    var y = 0.0;
    for (var n = 0u; n < N; n++) {
      //: update-state
      if (PER_STATE && n > 0u) { left = decay(step * rates[n]); }
      h[n] = fma(left, h[n], input * bc[b_row + n]);
      y = fma(bc[c_row + n], h[n], y);
    }
    //: record step y at batch token=row channel
    out[batch * params.out_batch + row * params.channels + channel] = y;
  }
  for (var n = 0u; n < N; n++) {
    //: keep-state
    state[kept + n] = h[n];
  }
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
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
