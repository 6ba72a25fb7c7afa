// SSD, between steps 0 and 1, where decays are summed directly: the log decay from every step to every later one of its chunk.
//
//   segments[l, s] = a_{s+1} + … + a_l     tails[l] = −(a_{l+1} + … + a_last)     l, s in the same chunk, s ≤ l
//
// A row is summed from its diagonal back. All terms have one sign, so a sum is as exact beside itself as its terms are, however long
// the chunk; the difference of two running sums (chunk-decay.wgsl) can be no more exact than those. tails stand where
// chunk-states.wgsl takes running sums: their last one is 0, so that 0 − tails[l] is the decay to the end of the chunk.
//
//   decay [batch, seqlen, heads] holds a, or [batch, heads, seqlen] holds Δ with a = Δ A
//   grid: (ceil(seqlen / LANES), heads, batch); one invocation per row l
//
// Source: state-spaces/mamba, ssd_minimal, segsum (beside segsum_unstable, which subtracts).

const LANES: u32 = 64u; // rows per workgroup  @tune 32 64 128
const GIVEN_DECAY: bool = false; // decay holds a, else Δ  @flag

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  chunk: u32, // time steps of a chunk
}

@group(0) @binding(0) var<storage, read> decay: array<f32>; // a [batch, seqlen, heads] or Δ [batch, heads, seqlen]
@group(0) @binding(1) var<storage, read> weights: array<f32>; // A, D, dt_bias, each [heads]
@group(0) @binding(2) var<storage, read_write> segments: array<f32>; // Σ a over s+1 … l [batch, heads, seqlen, chunk]
@group(0) @binding(3) var<storage, read_write> tails: array<f32>; // −Σ a over l+1 … last [batch, heads, seqlen]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let l = grid.x * LANES + lane;
  let head = grid.y;
  let batch = grid.z;
  if (l >= params.seqlen) {
    return;
  }
  //: load-decay-rate
  var rate = 1.0;
  if (!GIVEN_DECAY) {
    rate = weights[head];
  }
  let first = l / params.chunk * params.chunk;
  let is_last = l + 1u == min(first + params.chunk, params.seqlen);
  let row = (batch * params.heads + head) * params.seqlen;
  let at = (row + l) * params.chunk;
  var segment = 0.0;
  segments[at + l - first] = segment;
  if (is_last) {
    tails[row + l] = segment;
  }
  //: sum-segments
  for (var s = l; s > first; s--) {
    if (GIVEN_DECAY) {
      segment += decay[(batch * params.seqlen + s) * params.heads + head];
    } else {
      segment += decay[row + s] * rate;
    }
    segments[at + s - 1u - first] = segment;
    if (is_last) {
      tails[row + s - 1u] = -segment;
    }
    if (s == l) {
      //: probe head l segment
    }
  }
}
