// Unfused selective scan, first of three passes: stores Ā and B̄u of every state and time step in memory.
//
//   Δ = softplus(delta + bias)     Ā = exp(Δ A)     B̄u = Δ B u (first order) or (exp(Δ A) − 1) / A · B u (zero-order hold)
//
//   u, delta [batch, dim, seqlen]   B [batch, groups, N, seqlen] or [dim, N]   a_bar, b_bar_u [batch, dim, seqlen, N]
//   grid: (channel blocks of a group, groups, batch); one invocation per channel
//
// Source: state-spaces/mamba, selective_scan_ref (deltaA, deltaB_u), which materialises both.

const CHANNELS: u32 = 32u; // channels per workgroup  @tune 4 8 16 32 64
const TIME: u32 = 32u; // time steps of B staged at once  @tune 8 16 32
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const B_PER_CHANNEL: bool = false; // B is [dim, N], constant in time  @flag
const HAS_BIAS: bool = true; // delta_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const ZOH: bool = false; // exact zero-order hold  @flag
const ROWS: u32 = max(TIME, CHANNELS); // rows of the staged tile: time steps, or channels of a constant B

struct Params {
  dim: u32, // channels
  seqlen: u32, // time steps
  group_dim: u32, // channels that share B
  b_at: u32, // first element of B in bc
  b_batch: u32, // elements between batch entries of B
  b_group: u32, // elements between groups of B
}

@group(0) @binding(0) var<storage, read> u: array<f32>; // input signal [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> delta: array<f32>; // step size before bias and softplus [batch, dim, seqlen]
@group(0) @binding(2) var<storage, read> bc: array<f32>; // input map B and output map C
@group(0) @binding(3) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then delta_bias [dim]
@group(0) @binding(4) var<storage, read_write> a_bar: array<f32>; // Ā [batch, dim, seqlen, N]
@group(0) @binding(5) var<storage, read_write> b_bar_u: array<f32>; // B̄u [batch, dim, seqlen, N]
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> b_tile: array<f32, ROWS * N>; // B of TIME steps (or of CHANNELS channels)

@compute @workgroup_size(CHANNELS)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let batch = grid.z;
  let first = grid.x * CHANNELS; // first channel of the block, within its group
  let own = first + lane < params.group_dim;
  let channel = grid.y * params.group_dim + first + lane;
  let row = (batch * params.dim + channel) * params.seqlen;
  let b_first = params.b_at + batch * params.b_batch + grid.y * params.b_group;
  var rate: array<f32, N>; // A of this channel
  var bias = 0.0;
  //: load-rates
  if (own) {
    for (var n = 0u; n < N; n++) {
      rate[n] = weights[channel * N + n];
      if (B_PER_CHANNEL) {
        b_tile[lane * N + n] = bc[params.b_at + channel * N + n];
      }
    }
    if (HAS_BIAS) {
      bias = weights[params.dim * (N + 1u) + channel];
    }
  }
  for (var start = 0u; start < params.seqlen; start += TIME) {
    let steps = min(TIME, params.seqlen - start);
    //: stage-input-map
    for (var i = lane; !B_PER_CHANNEL && i < steps * N; i += CHANNELS) {
      let t = i % steps;
      let n = i / steps;
      b_tile[t * N + n] = bc[b_first + n * params.seqlen + start + t];
    }
    workgroupBarrier();
    for (var t = 0u; own && t < steps; t++) {
      //: discretize
      let time = start + t;
      let signal = u[row + time];
      var step = delta[row + time] + bias;
      if (SOFTPLUS) {
        step = softplus(step);
      }
      let b = select(t, lane, B_PER_CHANNEL) * N; // row of b_tile
      for (var n = 0u; n < N; n++) {
        let x = step * rate[n];
        var input = step * signal * b_tile[b + n];
        if (ZOH) {
          input *= hold(x);
        }
        a_bar[(row + time) * N + n] = decay(x);
        b_bar_u[(row + time) * N + n] = input;
      }
      //: record step at batch channel time
    }
    workgroupBarrier();
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
