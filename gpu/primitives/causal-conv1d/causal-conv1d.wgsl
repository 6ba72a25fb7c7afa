// Causal depthwise convolution over time, with SiLU: every channel has its own short filter, no output sees a later input.
//
//   out[t] = act(bias + Σ_k weight[k] · x[t − (W − 1) + k])     x before the start: initial_states, or 0
//
//   x, out [batch, dim, seqlen]   weight [dim, W]   initial_states, final_states [batch, dim, W − 1]   row-major f32
//   grid: (ceil(seqlen / LANES), dim, batch); one invocation per output
//
// Source: Dao-AILab/causal-conv1d, causal_conv1d_ref.

const LANES: u32 = 64u; // time steps per workgroup  @tune 16 32 64 128
const W: u32 = 4u; // filter width  @shape
const SILU: bool = true; // act = silu, else none  @flag
const HAS_BIAS: bool = true; // bias  @flag
const HAS_INITIAL: bool = false; // initial_states  @flag
const KEEP_STATE: bool = true; // store final_states  @flag

struct Params {
  dim: u32, // channels
  seqlen: u32, // time steps
  x_at: u32, // first element of x
  x_batch: u32, // elements between batch entries of x
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [dim, W]; the last one multiplies the current step
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [dim]
@group(0) @binding(3) var<storage, read> initial_states: array<f32>; // the W − 1 inputs before the start [batch, dim, W − 1]
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(5) var<storage, read_write> final_states: array<f32>; // the last W − 1 inputs [batch, dim, W − 1]
@group(0) @binding(6) var<uniform> params: Params;

// Input `back` steps before time step `t`; `row` counts (batch, channel).
fn input_before(row: u32, x_row: u32, t: u32, back: u32) -> f32 {
  if (t >= back) {
    return x[x_row + t - back];
  }
  if (HAS_INITIAL) {
    return initial_states[row * (W - 1u) + (W - 1u) + t - back];
  }
  return 0.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = grid.y;
  let batch = grid.z;
  let t = grid.x * LANES + lane;
  let row = batch * params.dim + channel;
  let x_row = params.x_at + batch * params.x_batch + channel * params.seqlen;
  if (t < params.seqlen) {
    //: load-bias
    var sum = 0.0;
    if (HAS_BIAS) {
      sum = bias[channel];
    }
    for (var k = 0u; k < W; k++) {
      //: filter
      sum += weight[channel * W + k] * input_before(row, x_row, t, W - 1u - k);
    }
    if (SILU) {
      sum /= 1.0 + exp(-sum);
    }
    out[row * params.seqlen + t] = sum;
  }
  if (KEEP_STATE && grid.x == 0u) {
    for (var k = lane; k < W - 1u; k += LANES) {
      //: keep-inputs
      final_states[row * (W - 1u) + k] = input_before(row, x_row, params.seqlen, W - 1u - k);
    }
  }
}
