// What follows a scan: the way past it, and the gate.
//
//   out ← (out + D x) · silu(z)
//
//   x, z [batch, tokens, channels], views with strides of their own   D [heads]   out [batch, tokens, channels], in place
//   grid : (ceil(tokens · channels / LANES), batch); one invocation per element
//
// Source: state-spaces/mamba, selective_scan_ref.

const LANES: u32 = 64u; // elements per workgroup  @tune 16 32 64 128
const HAS_D: bool = true; // the way past  @flag
const HAS_Z: bool = true; // the gate  @flag

struct Params {
  channels: u32, // of a token
  head_dim: u32, // channels that share D
  tokens: u32, // rows of this run
  x_at: u32, // first element of x, and elements from one sequence or token to the next
  x_batch: u32,
  x_token: u32,
  z_at: u32, // the same of z
  z_batch: u32,
  z_token: u32,
  out_batch: u32, // elements from one sequence of out to the next
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, channels]
@group(0) @binding(1) var<storage, read> D: array<f32>; // [heads]
@group(0) @binding(2) var<storage, read> z: array<f32>; // [batch, tokens, channels]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [batch, tokens, channels]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let channel = id.x % params.channels;
  let row = id.x / params.channels;
  let batch = id.y;
  if (row >= params.tokens) { return; }
  //: skip-and-gate
  let at = batch * params.out_batch + id.x;
  var y = out[at];
  if (HAS_D) {
    y = fma(D[channel / params.head_dim], x[params.x_at + batch * params.x_batch + row * params.x_token + channel], y);
  }
  if (HAS_Z) {
    let gate = z[params.z_at + batch * params.z_batch + row * params.z_token + channel];
    y *= gate / (1.0 + exp(-gate));
  }
  out[at] = y;
}
