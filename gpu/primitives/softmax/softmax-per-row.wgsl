// Softmax of every row: out = exp(x − max) / Σ exp(x − max).
//
//   x, out : [rows, 4 · COLUMNS]   row-major f32, read and written as vec4
//   grid   : ceil(rows / LANES) workgroups of LANES lanes; a lane owns a row
//
// One pass finds maximum and sum together (the sum is brought to every new maximum), another writes: no lane waits for another.
// Source: Milakov and Gimelshein 2018 (arXiv:1805.02867), Algorithm 3.

const LANES: u32 = 16u; // rows per workgroup  @tune 4 16 32 64
const COLUMNS: u32 = 64u; // vec4s per row  @shape
const LOG2E: f32 = 1.4426950408889634; // exponentials are powers of two

struct Params {
  rows: u32, // of x
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(1) var<storage, read_write> out: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  let start = id.x * COLUMNS;
  var largest = -3.4e38; // of the row so far; below every f32 but the last one
  var sum = vec4<f32>(); // of exp(x − largest), over the columns of the same remainder by four
  for (var i = 0u; i < COLUMNS; i++) {
    //: maximum-and-sum
    let four = x[start + i];
    let higher = max(largest, max(max(four.x, four.y), max(four.z, four.w)));
    sum = sum * exp2((largest - higher) * LOG2E) + exp2((four - higher) * LOG2E);
    largest = higher;
  }
  let factor = 1.0 / dot(sum, vec4<f32>(1.0));
  for (var i = 0u; i < COLUMNS; i++) {
    //: write-row
    out[start + i] = exp2((x[start + i] - largest) * LOG2E) * factor;
  }
}
