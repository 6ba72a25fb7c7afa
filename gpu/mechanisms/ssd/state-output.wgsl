// SSD, step 4: adds what the carried states give to the outputs, then the skip connection and the gate.
//
//   y[l] ← (y[l] + exp(cs_l) R_c C_l + D x_l) · silu(z_l)     c is the chunk of l
//
//   x, z, y [batch, seqlen, heads, P]   C [batch, seqlen, groups, N]   states [batch, chunks, heads, P, N]   row-major f32
//   grid: (ceil(heads · P / LANES), seqlen, batch); one invocation per output
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1, step 4; state-spaces/mamba, ssd_combined.

const LANES: u32 = 64u; // outputs per workgroup  @tune 32 64 128
const P: u32 = 16u; // channels of a head  @shape
const N: u32 = 16u; // states per channel  @shape
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  groups: u32, // groups of heads that share C
  chunk: u32, // time steps of a chunk
  chunks: u32, // ceil(seqlen / chunk)
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(1) var<storage, read> z: array<f32>; // gate [batch, seqlen, heads, P]
@group(0) @binding(2) var<storage, read> c: array<f32>; // C [batch, seqlen, groups, N]
@group(0) @binding(3) var<storage, read> cs: array<f32>; // running log decay [batch, heads, seqlen]
@group(0) @binding(4) var<storage, read> states: array<f32>; // R_c [batch, chunks, heads, P, N]
@group(0) @binding(5) var<storage, read> weights: array<f32>; // A, D, dt_bias, each [heads]
@group(0) @binding(6) var<storage, read_write> y: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = grid.x * LANES + lane; // (head, p)
  if (channel >= params.heads * P) {
    return;
  }
  let head = channel / P;
  let l = grid.y;
  let batch = grid.z;
  let token = batch * params.seqlen + l;
  let at = token * params.heads * P + channel;
  let state = ((batch * params.chunks + l / params.chunk) * params.heads * P + channel) * N;
  let c_row = (token * params.groups + head * params.groups / params.heads) * N;
  var sum = 0.0;
  for (var n = 0u; n < N; n++) {
    //: read-state
    sum += c[c_row + n] * states[state + n];
  }
  var result = y[at] + decay(cs[(batch * params.heads + head) * params.seqlen + l]) * sum;
  if (HAS_D) {
    result += weights[params.heads + head] * x[at];
  }
  if (HAS_Z) {
    let gate = z[at];
    result *= gate / (1.0 + exp(-gate));
  }
  y[at] = result;
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
