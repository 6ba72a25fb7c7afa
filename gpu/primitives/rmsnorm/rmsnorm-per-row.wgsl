// Root-mean-square normalisation of every row: out = x / √(mean of x² + epsilon) · weight.
//
//   x, out : [rows, 4 · COLUMNS]   weight : [4 · COLUMNS]   row-major f32, read and written as vec4
//   grid   : ceil(rows / LANES) workgroups of LANES lanes; a lane owns a row
//
// Two passes over the row (squares, result), no barrier. Source: Zhang and Sennrich 2019 (arXiv:1910.07467), equation 4.

const LANES: u32 = 16u; // rows per workgroup  @tune 4 16 32 64
const COLUMNS: u32 = 64u; // vec4s per row  @shape

struct Params {
  rows: u32, // of x
  epsilon: f32, // added to the mean square
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(1) var<storage, read> weight: array<vec4<f32>>; // [COLUMNS]
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  let start = id.x * COLUMNS;

  var squares = vec4<f32>();
  for (var i = 0u; i < COLUMNS; i++) {
    //: load-row
    let four = x[start + i];
    squares = fma(four, four, squares);
  }
  let share = vec4<f32>(0.25 / f32(COLUMNS)); // what a square adds to the mean
  let inverse_root = inverseSqrt(dot(squares, share) + params.epsilon);

  for (var i = 0u; i < COLUMNS; i++) {
    //: normalise
    out[start + i] = x[start + i] * inverse_root * weight[i];
  }
}
