// Running sums along rows: y[t] = x[0] + … + x[t] in every channel.
//
//   x, y : [length, channels]   row-major f32
//   grid : ceil(channels / LANES) workgroups of LANES lanes; a lane owns a channel and walks down it
//
// Neighbouring lanes read neighbouring words, every element is read once, nothing is exchanged: the least work there is, but no
// parallelism along the rows.

const LANES: u32 = 16u; // channels per workgroup  @tune 4 16 32 64

struct Params {
  length: u32, // rows
  channels: u32, // columns
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [length, channels]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [length, channels]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.channels) { return; }
  var sum = 0.0;
  var at = id.x;
  for (var row = 0u; row < params.length; row++) {
    //: add-row
    sum += x[at];
    y[at] = sum;
    at += params.channels;
  }
}
