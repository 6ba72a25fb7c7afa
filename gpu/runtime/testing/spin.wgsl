// Busy work of a chosen length, for tests of cancelling and timing.
//   y : [64]   grid : 1 workgroup

struct Params {
  rounds: u32,
}

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [64]
@group(0) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var value = f32(lane);
  for (var round = 0u; round < params.rounds; round++) {
    //: spin
    value = fract(value * 1.618 + 0.1);
  }
  y[lane] = value;
}
