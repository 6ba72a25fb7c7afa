// Softmax of every row: out = exp(x − max) / Σ exp(x − max).
//
//   x, out : [rows, WIDTH]   row-major f32
//   grid   : one workgroup of LANES lanes per row; lane i owns the elements i, i + LANES, i + 2 LANES …
//
// The row is read once and kept in workgroup memory. Subtracting the maximum changes nothing but keeps every power at most 1.

const LANES: u32 = 64u; // lanes that share a row, a power of two  @tune 16 32 64 128 256
const WIDTH: u32 = 256u; // elements per row  @shape
const_assert (LANES & (LANES - 1u)) == 0u;
const LOG2E: f32 = 1.4426950408889634; // exponentials are powers of two

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, WIDTH]
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [rows, WIDTH]

var<workgroup> row: array<f32, WIDTH>; // this workgroup's row of x, then its exponentials
var<workgroup> partial: array<f32, LANES>; // one partial result per lane

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let start = group.x * WIDTH;

  //: load-row
  var largest = -3.4e38; // below every f32 a row can hold, but for its last one
  for (var i = lane; i < WIDTH; i += LANES) {
    let element = x[start + i];
    row[i] = element;
    largest = max(largest, element);
  }
  partial[lane] = largest;
  workgroupBarrier();
  //: reduce-max
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] = max(partial[lane], partial[lane + half]); }
    workgroupBarrier();
  }
  largest = partial[0];
  // The sums overwrite partial[0]: every lane must have read it.
  workgroupBarrier();

  //: exponentials
  var sum = 0.0;
  for (var i = lane; i < WIDTH; i += LANES) {
    let power = exp2((row[i] - largest) * LOG2E);
    row[i] = power;
    sum += power;
  }
  partial[lane] = sum;
  workgroupBarrier();
  //: reduce-sum
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }

  //: write-row
  let total = partial[0];
  for (var i = lane; i < WIDTH; i += LANES) { out[start + i] = row[i] / total; }
}
