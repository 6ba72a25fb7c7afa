// The last W − 1 rows of a text, kept for the run that follows: those of this run, and of the kept ones what is still among the last.
//
//   x [batch, tokens, channels], a view with strides of its own   past [batch, W − 1, channels], in place, oldest row first
//   grid : (ceil(channels / LANES), batch); one invocation per channel, which goes up the rows, so that none is overwritten before it moved

const LANES: u32 = 64u; // channels per workgroup  @tune 16 32 64 128
const W: u32 = 4u; // taps of a filter  @shape

struct Params {
  channels: u32, // of a row
  tokens: u32, // rows of this run
  position: u32, // tokens of the text before this run
  x_at: u32, // first element of x, and elements from one sequence or row to the next
  x_batch: u32,
  x_token: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, channels]
@group(0) @binding(1) var<storage, read_write> past: array<f32>; // [batch, W − 1, channels]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let channel = id.x;
  let batch = id.y;
  if (channel >= params.channels) { return; }
  let first = batch * (W - 1u) * params.channels + channel;
  for (var i = 0u; i < W - 1u; i++) {
    //: keep-rows
    let source = i + params.tokens; // among the kept rows followed by those of this run
    var kept = 0.0; // before the start of the text
    if (source >= W - 1u) {
      kept = x[params.x_at + batch * params.x_batch + (source - (W - 1u)) * params.x_token + channel];
    } else if (W - 1u - source <= params.position) {
      kept = past[first + source * params.channels];
    }
    past[first + i * params.channels] = kept;
  }
}
