// Root-mean-square normalisation of every row: out = x / √(mean of x² + epsilon) · weight.
//
//   x, out : [rows, WIDTH], either may be a stretch of columns of a wider tensor   weight : [WIDTH]   row-major f32
//   grid   : one workgroup of LANES lanes per row; lane i owns the elements i, i + LANES, i + 2 LANES …
//
// The row is read once and kept in workgroup memory. Source: Zhang and Sennrich 2019 (arXiv:1910.07467), equation 4.

const LANES: u32 = 64u; // lanes that share a row, a power of two  @tune 16 32 64 128 256
const WIDTH: u32 = 256u; // elements per row  @shape
const_assert (LANES & (LANES - 1u)) == 0u;

struct Params {
  x_at: u32, // first element of x, and elements from one row to the next
  x_row: u32,
  out_at: u32, // the same of out
  out_row: u32,
  epsilon: f32, // added to the mean square
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [WIDTH]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [rows, WIDTH]
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> row: array<f32, WIDTH>; // this workgroup's row of x
var<workgroup> partial: array<f32, LANES>; // one partial sum per lane

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row_index = group.x;
  let from0 = params.x_at + row_index * params.x_row;
  let to0 = params.out_at + row_index * params.out_row;

  //: load-row
  var squares = 0.0;
  for (var i = lane; i < WIDTH; i += LANES) {
    let element = x[from0 + i];
    row[i] = element;
    squares = fma(element, element, squares);
  }
  partial[lane] = squares;
  workgroupBarrier();
  //: sum-lanes
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }

  //: normalise
  let inverse_root = inverseSqrt(partial[0] / f32(WIDTH) + params.epsilon);
  //: record inverse_root at row=row_index
  for (var i = lane; i < WIDTH; i += LANES) {
    out[to0 + i] = row[i] * inverse_root * weight[i];
  }
}
