// Layer normalisation of every row: out = (x − mean) / √(variance + epsilon) · scale + bias.
//
//   x, out : [rows, WIDTH]   scale, bias : [WIDTH]   row-major f32;  variance is the mean squared deviation (divided by WIDTH)
//   grid : one workgroup of LANES lanes per row; lane i owns the elements i, i + LANES, i + 2 LANES …
//
// The row is read once and kept in workgroup memory; the variance is taken from deviations, never as E[x²] − mean².
// Source: Ba, Kiros and Hinton 2016 (arXiv:1607.06450), equations 3 and 4.

const LANES: u32 = 64u;  // lanes that share a row, a power of two  @tune 16 32 64 128 256
const WIDTH: u32 = 256u; // elements per row  @shape
const_assert (LANES & (LANES - 1u)) == 0u;

struct Params {
  epsilon: f32, // added to the variance
}

@group(0) @binding(0) var<storage, read> x: array<f32>;          // [rows, WIDTH]
@group(0) @binding(1) var<storage, read> scale: array<f32>;      // [WIDTH]
@group(0) @binding(2) var<storage, read> bias: array<f32>;       // [WIDTH]
@group(0) @binding(3) var<storage, read_write> out: array<f32>;  // [rows, WIDTH]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> row: array<f32, WIDTH>;     // this workgroup's row of x
var<workgroup> partial: array<f32, LANES>; // one partial sum per lane

// Sum of `value` over all lanes, the same in every lane. All lanes must call it.
fn sum_over_lanes(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  //: sum-lanes
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let total = partial[0];
  // The next call overwrites partial[0]: every lane must have read it.
  workgroupBarrier();
  return total;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row_index = group.x;
  let start = row_index * WIDTH;

  //: load-row
  var sum = 0.0;
  for (var i = lane; i < WIDTH; i += LANES) {
    let element = x[start + i];
    row[i] = element;
    sum += element;
  }
  let mean = sum_over_lanes(lane, sum) / f32(WIDTH);

  //: deviations
  var squares = 0.0;
  for (var i = lane; i < WIDTH; i += LANES) {
    let deviation = row[i] - mean;
    squares = fma(deviation, deviation, squares);
  }
  let inverse_deviation = inverseSqrt(sum_over_lanes(lane, squares) / f32(WIDTH) + params.epsilon);

  //: normalise
  //: record mean inverse_deviation at row=row_index
  for (var i = lane; i < WIDTH; i += LANES) {
    out[start + i] = fma((row[i] - mean) * inverse_deviation, scale[i], bias[i]);
  }
}
