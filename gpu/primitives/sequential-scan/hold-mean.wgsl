// S4 mode: replaces every row by its mean over time, so that the scan no longer depends on the token.
//
//   x, held [rows, seqlen]   row-major f32      grid: ceil(rows / LANES) workgroups; one invocation per row
//
// Source: a linear time-invariant state space (Gu et al. 2022, arXiv:2111.00396) has one Δ, B and C for all time steps.

const LANES: u32 = 64u; // rows per workgroup  @tune 16 32 64 128

struct Params {
  at: u32, // first element of the rows, in x and in held
  rows: u32, // rows
  seqlen: u32, // time steps
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, seqlen]
@group(0) @binding(1) var<storage, read_write> held: array<f32>; // [rows, seqlen], constant along a row
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= params.rows) {
    return;
  }
  let first = params.at + row * params.seqlen;
  var sum = 0.0;
  for (var t = 0u; t < params.seqlen; t++) {
    //: sum-over-time
    sum += x[first + t];
  }
  let mean = sum / f32(params.seqlen);
  //: record mean at row
  for (var t = 0u; t < params.seqlen; t++) {
    //: hold
    held[first + t] = mean;
  }
}
