// Causal convolution of a decode step: a few new time steps against the kept inputs, which are updated in place.
//
//   rolling:   conv_state holds the last S inputs in order; the new ones push the oldest out
//   circular:  input number i stands at i mod S; cache_seqlens says how many came before
//
//   x, out [batch, dim, seqlen]   conv_state [batch, dim, S], S ≥ W − 1   weight [dim, W]   row-major f32
//   grid: (ceil(dim / LANES), batch); one invocation per channel
//
// Source: Dao-AILab/causal-conv1d, causal_conv1d_update_ref.

const LANES: u32 = 64u; // channels per workgroup  @tune 16 32 64 128
const W: u32 = 4u; // filter width  @shape
const SILU: bool = true; // act = silu, else none  @flag
const HAS_BIAS: bool = true; // bias  @flag
const CIRCULAR: bool = false; // cache_seqlens is given  @flag

struct Params {
  dim: u32, // channels
  seqlen: u32, // new time steps
  state_len: u32, // S, inputs kept per channel
  x_at: u32, // first element of x
  x_batch: u32, // elements between batch entries of x
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [dim, W]; the last one multiplies the current step
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [dim]
@group(0) @binding(3) var<storage, read> cache_seqlens: array<i32>; // inputs seen before, modulo anything S divides [batch]
@group(0) @binding(4) var<storage, read_write> conv_state: array<f32>; // [batch, dim, S]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = grid.x * LANES + lane;
  let batch = grid.y;
  if (channel >= params.dim) {
    return;
  }
  let row = batch * params.dim + channel;
  let x_row = params.x_at + batch * params.x_batch + channel * params.seqlen;
  let s = params.state_len;
  let state_row = row * s;
  //: find-place
  var seen = 0u; // position of the next input in a circular state
  if (CIRCULAR) {
    let count = cache_seqlens[batch] % i32(s);
    seen = u32(count + i32(s)) % s;
  }
  for (var t = 0u; t < params.seqlen; t++) {
    //: filter-step
    var sum = 0.0;
    if (HAS_BIAS) {
      sum = bias[channel];
    }
    for (var k = 0u; k < W; k++) {
      let back = W - 1u - k;
      var input = 0.0;
      if (t >= back) {
        input = x[x_row + t - back];
      } else if (CIRCULAR) {
        input = conv_state[state_row + (seen + s + t - back) % s];
      } else {
        input = conv_state[state_row + s + t - back];
      }
      sum += weight[channel * W + k] * input;
    }
    if (SILU) {
      sum /= 1.0 + exp(-sum);
    }
    out[row * params.seqlen + t] = sum;
  }
  if (CIRCULAR) {
    for (var t = 0u; t < params.seqlen; t++) {
      //: overwrite-oldest
      conv_state[state_row + (seen + t) % s] = x[x_row + t];
    }
    return;
  }
  for (var i = 0u; i < s; i++) {
    //: roll-state
    let source = i + params.seqlen; // in the old state followed by x
    if (source < s) {
      conv_state[state_row + i] = conv_state[state_row + source];
    } else {
      conv_state[state_row + i] = x[x_row + source - s];
    }
  }
}
