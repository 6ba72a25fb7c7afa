// Chunked selective scan, second of three passes: carries the state from chunk to chunk.
//
//   carry_0 = 0     carry_{c+1} = exp(A Σ Δ_c) · carry_c + S_c
//
//   carry [batch, chunks, dim, N]: S_c on entry, the state before chunk c on return
//   grid: ceil(batch · dim · N / LANES) workgroups; one invocation per state
//
// Source: the combine operator of Gu and Dao 2023 (arXiv:2312.00752), section 3.3, applied to whole chunks.

const LANES: u32 = 64u; // states per workgroup  @tune 16 32 64 128
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const KEEP_STATE: bool = true; // store the last state  @flag

struct Params {
  batch: u32, // sequences
  dim: u32, // channels
  chunks: u32, // chunks of a sequence
}

@group(0) @binding(0) var<storage, read> weights: array<f32>; // A [dim, N], then D and delta_bias, unused here
@group(0) @binding(1) var<storage, read> spans: array<f32>; // Σ Δ of every chunk [batch, chunks, dim]
@group(0) @binding(2) var<storage, read_write> carry: array<f32>; // [batch, chunks, dim, N]
@group(0) @binding(3) var<storage, read_write> last_state: array<f32>; // [batch, dim, N]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let state = id.x; // (batch, channel, n)
  if (state >= params.batch * params.dim * N) {
    return;
  }
  let batch = state / (params.dim * N);
  let channel = state / N % params.dim;
  let n = state % N;
  //: load-rates
  let rate = weights[channel * N + n];
  var h = 0.0;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    //: pass-carry
    let row = (batch * params.chunks + chunk) * params.dim + channel;
    let local = carry[row * N + n];
    carry[row * N + n] = h;
    //: count carry
    h = decay(rate * spans[row]) * h + local;
    //: record passed=h at batch channel state=n chunk
  }
  if (KEEP_STATE) {
    last_state[state] = h;
  }
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
