// SSD, step 2: the state that every chunk alone ends with.
//
//   S_c[p, n] = Σ_l exp(a_{l+1} + … + a_last) Δ_l X_l[p] B_l[n]     l over the chunk, from its end back, the decay growing by one a each
//
//   x [batch, seqlen, heads, P]   B [batch, seqlen, groups, N]   states [batch, chunks, heads, P, N]   row-major f32
//   grid: (ceil(P · N / LANES), chunks · heads, batch); one invocation per state
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1, step 2.

const LANES: u32 = 64u; // states per workgroup  @tune 32 64 128
const P: u32 = 16u; // channels of a head  @shape
const N: u32 = 16u; // states per channel  @shape
const SPAN: u32 = 32u; // terms that are summed before they join the sum: rounding grows with the terms of a sum
const HAS_DELTA: bool = true; // multiply by Δ_l; else X is already scaled  @flag
const DIFFERENCES: bool = false; // trap: decays are differences of running sums, as in diagonal.wgsl  @flag

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  groups: u32, // groups of heads that share B
  chunk: u32, // time steps of a chunk
  chunks: u32, // ceil(seqlen / chunk)
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(1) var<storage, read> b: array<f32>; // B [batch, seqlen, groups, N]
@group(0) @binding(2) var<storage, read> delta: array<f32>; // Δ [batch, heads, seqlen]
@group(0) @binding(3) var<storage, read> decays: array<f32>; // a, or with DIFFERENCES its running sums [batch, heads, seqlen]
@group(0) @binding(4) var<storage, read_write> states: array<f32>; // S_c [batch, chunks, heads, P, N]
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let element = grid.x * LANES + lane; // (p, n)
  if (element >= P * N) {
    return;
  }
  let channel = element / N;
  let state = element % N;
  let chunk = grid.y / params.heads;
  let head = grid.y % params.heads;
  let batch = grid.z;
  let group = head * params.groups / params.heads;
  let row = (batch * params.heads + head) * params.seqlen;
  let first = chunk * params.chunk;
  let end = min(first + params.chunk, params.seqlen);
  //: load-total
  var total = 0.0;
  if (DIFFERENCES) {
    total = decays[row + end - 1u];
  }
  var segment = 0.0; // log decay from l to the end of the chunk
  var sum = 0.0;
  var part = 0.0;
  for (var next = end; next > first; next--) {
    //: gather-state
    let l = next - 1u;
    let token = batch * params.seqlen + l;
    if (DIFFERENCES) {
      segment = total - decays[row + l];
    } else if (next < end) {
      segment += decays[row + next];
    }
    var weight = decay(segment);
    if (HAS_DELTA) {
      weight *= delta[row + l];
    }
    part += weight * x[(token * params.heads + head) * P + channel] * b[(token * params.groups + group) * N + state];
    if (l % SPAN == 0u || l == first) {
      sum += part;
      part = 0.0;
    }
  }
  //: record local=sum at batch head channel state chunk
  states[((batch * params.chunks + chunk) * params.heads + head) * P * N + element] = sum;
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
