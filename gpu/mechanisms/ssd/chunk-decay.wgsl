// SSD, step 0: the step sizes, the log decays and their running sum inside every chunk.
//
//   Δ_t = softplus(dt_t + bias)     a_t = Δ_t A     cs_t = Σ a over the chunk up to and including t
//
// cs serves where a decay starts with the chunk. Decays between two steps are sums of a, not differences of cs (diagonal.wgsl).
//
//   dt [batch, seqlen, heads], or the log decays a themselves   delta, log_decay, cs [batch, heads, seqlen]   row-major f32
//   grid: (ceil(chunks / LANES), heads, batch); one invocation per chunk
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1 (A_cumsum); state-spaces/mamba, ssd_combined.

const LANES: u32 = 32u; // chunks per workgroup  @tune 8 16 32 64
const GIVEN_DECAY: bool = false; // dt holds a_t: no Δ, A or bias  @flag
const HAS_BIAS: bool = true; // dt_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  chunk: u32, // time steps of a chunk
  chunks: u32, // ceil(seqlen / chunk)
}

@group(0) @binding(0) var<storage, read> dt: array<f32>; // [batch, seqlen, heads]
@group(0) @binding(1) var<storage, read> weights: array<f32>; // A, D, dt_bias, each [heads]
@group(0) @binding(2) var<storage, read_write> delta: array<f32>; // Δ [batch, heads, seqlen]
@group(0) @binding(3) var<storage, read_write> log_decay: array<f32>; // a [batch, heads, seqlen]
@group(0) @binding(4) var<storage, read_write> cs: array<f32>; // running log decay [batch, heads, seqlen]
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let chunk = grid.x * LANES + lane;
  let head = grid.y;
  let batch = grid.z;
  if (chunk >= params.chunks) {
    return;
  }
  //: load-decay-rate
  var rate = 0.0;
  var bias = 0.0;
  if (!GIVEN_DECAY) {
    rate = weights[head];
    if (HAS_BIAS) {
      bias = weights[2u * params.heads + head];
    }
  }
  let row = (batch * params.heads + head) * params.seqlen;
  let end = min((chunk + 1u) * params.chunk, params.seqlen);
  var sum = 0.0;
  for (var t = chunk * params.chunk; t < end; t++) {
    //: accumulate-decay
    var decay = dt[(batch * params.seqlen + t) * params.heads + head];
    if (!GIVEN_DECAY) {
      var step = decay + bias;
      if (SOFTPLUS) {
        step = softplus(step);
      }
      delta[row + t] = step;
      decay = step * rate;
    }
    log_decay[row + t] = decay;
    sum += decay;
    cs[row + t] = sum;
    //: record cs=sum at batch head time=t
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
