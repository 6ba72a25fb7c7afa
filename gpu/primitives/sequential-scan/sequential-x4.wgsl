// Selective scan (S6), fused, four channels per invocation: column n of a 4 × 4 matrix is state n of four channels, so that
// every value of B and C that is loaded from workgroup memory serves four channels.
//
//   h_t = Ā_t · h_{t-1} + B̄_t u_t     y_t = Σ_n C_t[n] h_t[n] + D u_t     out_t = y_t · silu(z_t)
//   Δ = softplus(delta + bias),  Ā = exp(Δ A),  B̄ = Δ B (first order) or (exp(Δ A) − 1) / A · B (zero-order hold)
//
//   u, delta, z, out [batch, dim, seqlen]   B, C [batch, groups, N, seqlen]   row-major f32
//   grid: (blocks of 4 · LANES channels of a group, groups, batch)
//
// Source: as sequential.wgsl; register tiling after Volkov, "Better performance at lower occupancy" (GTC 2010).

const LANES: u32 = 4u; // invocations per workgroup, four channels each  @tune 2 4 8 16
const TIME: u32 = 32u; // time steps of B and C staged at once  @tune 8 16 32
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag
const HAS_BIAS: bool = true; // delta_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const ZOH: bool = false; // exact zero-order hold  @flag
const KEEP_STATE: bool = true; // store the last state  @flag
const QUADS: u32 = (N + 3u) / 4u; // states in groups of four; padding states stay 0
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
}

@group(0) @binding(0) var<storage, read> u: array<f32>; // input signal [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> delta: array<f32>; // step size before bias and softplus [batch, dim, seqlen]
@group(0) @binding(2) var<storage, read> z: array<f32>; // gate [batch, dim, seqlen]
@group(0) @binding(3) var<storage, read> bc: array<f32>; // input map B and output map C
@group(0) @binding(4) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then delta_bias [dim]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(6) var<storage, read_write> last_state: array<f32>; // [batch, dim, N]
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> b_tile: array<vec4f, TIME * QUADS>; // B of TIME steps, states padded to 4
var<workgroup> c_tile: array<vec4f, TIME * QUADS>; // C, likewise

// ln(1 + eˣ) = max(x, 0) + 2 artanh(e / (2 + e)), e = exp(−|x|), by its series: log(1 + e) would lose the digits of a small e.
fn softplus(x: vec4f) -> vec4f {
  let e = exp(-abs(x));
  let s = e / (2.0 + e);
  let s2 = s * s;
  let artanh = s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 * (1.0 / 11.0 + s2 / 13.0))))));
  return select(max(x, vec4f()) + 2.0 * artanh, x, x > vec4f(20.0));
}

// One time step of one state of four channels: a · h + b.
fn advance_state(h: vec4f, a: vec4f, b: f32, step: vec4f, input: vec4f) -> vec4f {
  let x = step * a;
  if (ZOH) { return decay(x) * h + hold(x) * input * b; }
  return decay(x) * h + input * b;
}

// One time step of four states of four channels.
fn advance(h: mat4x4f, a: mat4x4f, b: vec4f, step: vec4f, input: vec4f) -> mat4x4f {
  return mat4x4f(
    advance_state(h[0], a[0], b.x, step, input),
    advance_state(h[1], a[1], b.y, step, input),
    advance_state(h[2], a[2], b.z, step, input),
    advance_state(h[3], a[3], b.w, step, input),
  );
}

// A of four channels from `channel` on, states 4 · quad … 4 · quad + 3; only `live` channels exist.
fn rates(channel: u32, live: u32, quad: u32) -> mat4x4f {
  var a = mat4x4f();
  for (var n = 4u * quad; n < min(N, 4u * quad + 4u); n++) {
    for (var i = 0u; i < live; i++) {
      a[n % 4u][i] = weights[(channel + i) * N + n];
    }
  }
  return a;
}

// Four consecutive states of B or C, `params.seqlen` elements apart.
fn gather(at: u32, quad: u32) -> vec4f {
  var row = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    row[i] = bc[at + (4u * quad + i) * params.seqlen];
  }
  return row;
}

fn store(at: u32, live: u32, quad: u32, h: mat4x4f) {
  for (var n = 4u * quad; n < min(N, 4u * quad + 4u); n++) {
    for (var i = 0u; i < live; i++) {
      last_state[at + i * N + n] = h[n % 4u][i];
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let batch = grid.z;
  let first = (grid.x * LANES + lane) * 4u; // first channel of this invocation, within its group
  let live = min(4u, max(first, params.group_dim) - first); // how many of its four channels exist
  let channel = grid.y * params.group_dim + first;
  let length = params.seqlen;
  let row = (batch * params.dim + channel) * length;
  let z_row = params.z_at + batch * params.z_batch + channel * length;
  let b_first = params.b_at + batch * params.b_batch + grid.y * params.b_group;
  let c_first = params.c_at + batch * params.c_batch + grid.y * params.c_group;

  //: load-weights
  var skip: vec4f;
  var bias: vec4f;
  for (var i = 0u; i < live; i++) {
    if (HAS_D) { skip[i] = weights[params.dim * N + channel + i]; }
    if (HAS_BIAS) { bias[i] = weights[params.dim * (N + 1u) + channel + i]; }
  }
  let a0 = rates(channel, live, 0u); let a1 = rates(channel, live, 1u);
  let a2 = rates(channel, live, 2u); let a3 = rates(channel, live, 3u);
  let a4 = rates(channel, live, 4u); let a5 = rates(channel, live, 5u);
  let a6 = rates(channel, live, 6u); let a7 = rates(channel, live, 7u);
  var h0: mat4x4f; var h1: mat4x4f; var h2: mat4x4f; var h3: mat4x4f;
  var h4: mat4x4f; var h5: mat4x4f; var h6: mat4x4f; var h7: mat4x4f;

  for (var start = 0u; start < params.seqlen; start += TIME) {
    let steps = min(TIME, params.seqlen - start);
    //: stage-b-c
    for (var i = lane; i < steps * QUADS; i += LANES) {
      let t = i % steps;
      let quad = i / steps;
      b_tile[t * QUADS + quad] = gather(b_first + start + t, quad);
      c_tile[t * QUADS + quad] = gather(c_first + start + t, quad);
    }
    workgroupBarrier();
    for (var t = 0u; live > 0u && t < steps; t++) {
      //: advance
      let time = start + t;
      let first_at = row + time;
      var signal = vec4f();
      var step = vec4f();
      signal.x = u[first_at]; step.x = delta[first_at];
      if (live > 1u) { signal.y = u[first_at + length]; step.y = delta[first_at + length]; }
      if (live > 2u) { signal.z = u[first_at + 2u * length]; step.z = delta[first_at + 2u * length]; }
      if (live > 3u) { signal.w = u[first_at + 3u * length]; step.w = delta[first_at + 3u * length]; }
      step += bias;
      if (SOFTPLUS) { step = softplus(step); }
      let input = step * signal;
      //: record step[channel]=step at batch channel time
      let q = t * QUADS; // row of the tiles
      var y = skip * signal;
      //: count advance
      h0 = advance(h0, a0, b_tile[q], step, input); y += h0 * c_tile[q];
      if (N > 4u) { h1 = advance(h1, a1, b_tile[q + 1u], step, input); y += h1 * c_tile[q + 1u]; }
      if (N > 8u) { h2 = advance(h2, a2, b_tile[q + 2u], step, input); y += h2 * c_tile[q + 2u]; }
      if (N > 12u) { h3 = advance(h3, a3, b_tile[q + 3u], step, input); y += h3 * c_tile[q + 3u]; }
      if (N > 16u) { h4 = advance(h4, a4, b_tile[q + 4u], step, input); y += h4 * c_tile[q + 4u]; }
      if (N > 20u) { h5 = advance(h5, a5, b_tile[q + 5u], step, input); y += h5 * c_tile[q + 5u]; }
      if (N > 24u) { h6 = advance(h6, a6, b_tile[q + 6u], step, input); y += h6 * c_tile[q + 6u]; }
      if (N > 28u) { h7 = advance(h7, a7, b_tile[q + 7u], step, input); y += h7 * c_tile[q + 7u]; }
      if (HAS_Z) {
        let at = z_row + start + t;
        var gate = vec4f(z[at], 0.0, 0.0, 0.0);
        if (live > 1u) { gate.y = z[at + length]; }
        if (live > 2u) { gate.z = z[at + 2u * length]; }
        if (live > 3u) { gate.w = z[at + 3u * length]; }
        y *= gate / (1.0 + exp(-gate));
      }
      out[first_at] = y.x;
      if (live > 1u) { out[first_at + length] = y.y; }
      if (live > 2u) { out[first_at + 2u * length] = y.z; }
      if (live > 3u) { out[first_at + 3u * length] = y.w; }
    }
    workgroupBarrier();
  }

  if (KEEP_STATE) {
    //: store-state
    let at = (batch * params.dim + channel) * N;
    store(at, live, 0u, h0); store(at, live, 1u, h1); store(at, live, 2u, h2); store(at, live, 3u, h3);
    store(at, live, 4u, h4); store(at, live, 5u, h5); store(at, live, 6u, h6); store(at, live, 7u, h7);
  }
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
