// SSD, step 3: carries the state from chunk to chunk.
//
//   R_0 = initial state or 0     R_{c+1} = exp(cs_last of c) R_c + S_c
//
//   states [batch, chunks, heads, P, N]: S_c on entry, R_c on return   row-major f32
//   grid: (ceil(P · N / LANES), heads, batch); one invocation per state
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1, step 3, as a recurrence.

const LANES: u32 = 64u; // states per workgroup  @tune 32 64 128
const P: u32 = 16u; // channels of a head  @shape
const N: u32 = 16u; // states per channel  @shape
const HAS_INITIAL: bool = false; // initial_states  @flag

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  chunk: u32, // time steps of a chunk
  chunks: u32, // ceil(seqlen / chunk)
}

@group(0) @binding(0) var<storage, read> cs: array<f32>; // running log decay [batch, heads, seqlen]
@group(0) @binding(1) var<storage, read> initial_states: array<f32>; // [batch, heads, P, N]
@group(0) @binding(2) var<storage, read_write> states: array<f32>; // [batch, chunks, heads, P, N]
@group(0) @binding(3) var<storage, read_write> final_state: array<f32>; // [batch, heads, P, N]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let element = grid.x * LANES + lane; // (p, n)
  if (element >= P * N) {
    return;
  }
  let channel = element / N;
  let state = element % N;
  let head = grid.y;
  let batch = grid.z;
  let row = (batch * params.heads + head) * params.seqlen;
  let at = (batch * params.heads + head) * P * N + element;
  //: take-initial
  var r = 0.0;
  if (HAS_INITIAL) {
    r = initial_states[at];
  }
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    //: pass-state
    let index = ((batch * params.chunks + chunk) * params.heads + head) * P * N + element;
    let last = min((chunk + 1u) * params.chunk, params.seqlen) - 1u;
    let local = states[index];
    states[index] = r;
    //: count carry
    r = decay(cs[row + last]) * r + local;
    //: record passed=r at batch head channel state chunk
  }
  final_state[at] = r;
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
