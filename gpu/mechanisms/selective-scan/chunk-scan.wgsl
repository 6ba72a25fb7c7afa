// Chunked selective scan, third of three passes: every chunk is walked from the state that was carried into it.
//
//   h_t = Ā_t · h_{t-1} + B̄_t u_t     y_t = Σ_n C_t[n] h_t[n] + D u_t     out_t = y_t · silu(z_t)
//   Δ = softplus(delta + bias),  Ā = exp(Δ A),  B̄ = Δ B (first order) or (exp(Δ A) − 1) / A · B (zero-order hold)
//
//   u, delta, z, out [batch, dim, seqlen]   B, C [batch, groups, N, seqlen] or [dim, N]   row-major f32
//   grid: (channel blocks of a group · chunks, groups, batch); one invocation per channel of a chunk
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), section 3.3; state-spaces/mamba, selective_scan_ref.

const CHANNELS: u32 = 32u; // channels per workgroup  @tune 4 8 16 32 64
const TIME: u32 = 32u; // time steps of B and C staged at once  @tune 8 16 32
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const B_PER_CHANNEL: bool = false; // B is [dim, N], constant in time  @flag
const C_PER_CHANNEL: bool = false; // C is [dim, N], constant in time  @flag
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag
const HAS_BIAS: bool = true; // delta_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const ZOH: bool = false; // exact zero-order hold  @flag
const QUADS: u32 = (N + 3u) / 4u; // states in groups of four; padding states stay 0
const ROWS: u32 = max(TIME, CHANNELS); // rows of a staged tile: time steps, or channels of a constant B or C
const_assert N <= 32u;

struct Params {
  dim: u32, // channels
  seqlen: u32, // time steps
  group_dim: u32, // channels that share B and C
  z_at: u32, // first element of z
  z_batch: u32, // elements between batch entries of z
  b_at: u32, // first element of B in bc
  b_batch: u32, // elements between batch entries of B
  b_group: u32, // elements between groups of B
  c_at: u32, // first element of C in bc
  c_batch: u32, // elements between batch entries of C
  c_group: u32, // elements between groups of C
  chunk: u32, // time steps of a chunk
  chunks: u32, // ceil(seqlen / chunk)
}

@group(0) @binding(0) var<storage, read> u: array<f32>; // input signal [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> delta: array<f32>; // step size before bias and softplus [batch, dim, seqlen]
@group(0) @binding(2) var<storage, read> z: array<f32>; // gate [batch, dim, seqlen]
@group(0) @binding(3) var<storage, read> bc: array<f32>; // input map B and output map C
@group(0) @binding(4) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then delta_bias [dim]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(6) var<storage, read> carry: array<f32>; // state before every chunk [batch, chunks, dim, N]
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> b_tile: array<vec4f, ROWS * QUADS>; // B of TIME steps (or of CHANNELS channels), states padded to 4
var<workgroup> c_tile: array<vec4f, ROWS * QUADS>; // C, likewise

fn carried(at: u32, quad: u32) -> vec4f {
  var h = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    h[i] = carry[at + 4u * quad + i];
  }
  return h;
}

@compute @workgroup_size(CHANNELS)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let batch = grid.z;
  let chunk = grid.x % params.chunks;
  let first = grid.x / params.chunks * CHANNELS; // first channel of the block, within its group
  let own = first + lane < params.group_dim;
  let channel = grid.y * params.group_dim + first + lane;
  let row = (batch * params.dim + channel) * params.seqlen;
  let z_row = params.z_at + batch * params.z_batch + channel * params.seqlen;
  let b_first = params.b_at + batch * params.b_batch + grid.y * params.b_group;
  let c_first = params.c_at + batch * params.c_batch + grid.y * params.c_group;

  //: load-weights
  var skip = 0.0;
  var bias = 0.0;
  var a0: vec4f; var a1: vec4f; var a2: vec4f; var a3: vec4f;
  var a4: vec4f; var a5: vec4f; var a6: vec4f; var a7: vec4f;
  var h0: vec4f; var h1: vec4f; var h2: vec4f; var h3: vec4f;
  var h4: vec4f; var h5: vec4f; var h6: vec4f; var h7: vec4f;
  if (own) {
    a0 = rates(channel, 0u); a1 = rates(channel, 1u); a2 = rates(channel, 2u); a3 = rates(channel, 3u);
    a4 = rates(channel, 4u); a5 = rates(channel, 5u); a6 = rates(channel, 6u); a7 = rates(channel, 7u);
    if (HAS_D) { skip = weights[params.dim * N + channel]; }
    if (HAS_BIAS) { bias = weights[params.dim * (N + 1u) + channel]; }
    //: take-carry
    let at = ((batch * params.chunks + chunk) * params.dim + channel) * N;
    h0 = carried(at, 0u); h1 = carried(at, 1u); h2 = carried(at, 2u); h3 = carried(at, 3u);
    h4 = carried(at, 4u); h5 = carried(at, 5u); h6 = carried(at, 6u); h7 = carried(at, 7u);
    //: record taken[state]=h0,h1,h2,h3,h4,h5,h6,h7 at batch channel chunk
    for (var quad = 0u; quad < QUADS; quad++) {
      if (B_PER_CHANNEL) {
        b_tile[lane * QUADS + quad] = gather(params.b_at + channel * N, 1u, quad);
      }
      if (C_PER_CHANNEL) {
        c_tile[lane * QUADS + quad] = gather(params.c_at + channel * N, 1u, quad);
      }
    }
  }

  let end = min((chunk + 1u) * params.chunk, params.seqlen);
  for (var start = chunk * params.chunk; start < end; start += TIME) {
    let steps = min(TIME, end - start);
    //: stage-b-c
    for (var i = lane; i < steps * QUADS; i += CHANNELS) {
      let t = i % steps;
      let quad = i / steps;
      if (!B_PER_CHANNEL) {
        b_tile[t * QUADS + quad] = gather(b_first + start + t, params.seqlen, quad);
      }
      if (!C_PER_CHANNEL) {
        c_tile[t * QUADS + quad] = gather(c_first + start + t, params.seqlen, quad);
      }
    }
    workgroupBarrier();
    for (var t = 0u; own && t < steps; t++) {
      //: advance
      let time = start + t;
      let signal = u[row + time];
      var step = delta[row + time] + bias;
      if (SOFTPLUS) { step = softplus(step); }
      let b = select(t, lane, B_PER_CHANNEL) * QUADS; // row of b_tile
      let c = select(t, lane, C_PER_CHANNEL) * QUADS; // row of c_tile
      var y = vec4f(); // one partial sum per state of a quad
      //: count advance
      h0 = advance(h0, a0, b_tile[b], step, signal); y += h0 * c_tile[c];
      if (N > 4u) { h1 = advance(h1, a1, b_tile[b + 1u], step, signal); y += h1 * c_tile[c + 1u]; }
      if (N > 8u) { h2 = advance(h2, a2, b_tile[b + 2u], step, signal); y += h2 * c_tile[c + 2u]; }
      if (N > 12u) { h3 = advance(h3, a3, b_tile[b + 3u], step, signal); y += h3 * c_tile[c + 3u]; }
      if (N > 16u) { h4 = advance(h4, a4, b_tile[b + 4u], step, signal); y += h4 * c_tile[c + 4u]; }
      if (N > 20u) { h5 = advance(h5, a5, b_tile[b + 5u], step, signal); y += h5 * c_tile[c + 5u]; }
      if (N > 24u) { h6 = advance(h6, a6, b_tile[b + 6u], step, signal); y += h6 * c_tile[c + 6u]; }
      if (N > 28u) { h7 = advance(h7, a7, b_tile[b + 7u], step, signal); y += h7 * c_tile[c + 7u]; }
      if (N > 16u) {
        //: record step h[state]=h0,h1,h2,h3,h4,h5,h6,h7 at batch channel time
      } else if (N > 8u) {
        //: record step h[state]=h0,h1,h2,h3 at batch channel time
      } else {
        //: record step h[state]=h0,h1 at batch channel time
      }
      var result = dot(y, vec4f(1.0)) + skip * signal;
      if (HAS_Z) {
        let gate = z[z_row + time];
        result *= gate / (1.0 + exp(-gate));
      }
      out[row + time] = result;
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
// ---- from decay-and-hold-four.wgsl
// What a step leaves of a state: eˣ, x = Δ A. Near 0 by its series, exact to the last digit: exp() may be off by a few, for all x
// nearby to the same side, and over a long scan that adds up.
fn decay(x: vec4f) -> vec4f {
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return select(1.0 + (x + x * x * rest), exp(x), abs(x) > vec4f(0.5));
}
// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: vec4f) -> vec4f {
  let series = 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  let small = abs(x) < vec4f(0.35);
  return select((exp(x) - 1.0) / select(x, vec4f(1.0), small), series, small);
}
// ---- from states-four.wgsl
// One time step of four states of a channel: a · h + b.
fn advance(h: vec4f, a: vec4f, b: vec4f, step: f32, signal: f32) -> vec4f {
  let x = step * a;
  if (ZOH) {
    return decay(x) * h + hold(x) * (step * signal) * b;
  }
  return decay(x) * h + (step * signal) * b;
}
// Four consecutive states of A, from state 4 · quad on.
fn rates(channel: u32, quad: u32) -> vec4f {
  var row = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    row[i] = weights[channel * N + 4u * quad + i];
  }
  return row;
}
// Four consecutive states of B or C: `at` is the first, `stride` the distance between states.
fn gather(at: u32, stride: u32, quad: u32) -> vec4f {
  var row = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    row[i] = bc[at + (4u * quad + i) * stride];
  }
  return row;
}
