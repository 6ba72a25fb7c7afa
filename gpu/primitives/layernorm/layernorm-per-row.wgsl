// Layer normalisation of every row: out = (x − mean) / √(variance + epsilon) · scale + bias.
//
//   x, out : [rows, 4 · COLUMNS]   scale, bias : [4 · COLUMNS]   row-major f32, read and written as vec4
//   grid   : ceil(rows / LANES) workgroups of LANES lanes; a lane owns a row
//
// Three passes over the row (mean, deviations, result), no barrier. The variance is taken from deviations, never as E[x²] − mean².
// Source: Ba, Kiros and Hinton 2016 (arXiv:1607.06450), equations 3 and 4.

const LANES: u32 = 16u; // rows per workgroup  @tune 4 16 32 64
const COLUMNS: u32 = 64u; // vec4s per row  @shape

struct Params {
  rows: u32, // of x
  epsilon: f32, // added to the variance
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(1) var<storage, read> scale: array<vec4<f32>>; // [COLUMNS]
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>; // [COLUMNS]
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  let start = id.x * COLUMNS;
  let share = vec4<f32>(0.25 / f32(COLUMNS)); // what an element adds to a mean

  var sum = vec4<f32>();
  for (var i = 0u; i < COLUMNS; i++) {
    //: load-row
    sum += x[start + i];
  }
  let mean = vec4<f32>(dot(sum, share));

  var squares = vec4<f32>();
  for (var i = 0u; i < COLUMNS; i++) {
    //: deviations
    let deviation = x[start + i] - mean;
    squares += deviation * deviation;
  }
  let inverse_deviation = inverseSqrt(dot(squares, share) + params.epsilon);

  for (var i = 0u; i < COLUMNS; i++) {
    //: normalise
    out[start + i] = (x[start + i] - mean) * inverse_deviation * scale[i] + bias[i];
  }
}
