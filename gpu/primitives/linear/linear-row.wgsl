// A linear map of few rows, with what follows it: y = activate(x Wᵀ + bias) · gate + residual.
//
//   x : [x rows, k]   weight : [n, k]   bias : [n]   gate, residual : [rows, n]   y : [y rows, n]   row-major f32
//   grid : (ceil(n · TEAM / LANES), rows) workgroups of LANES lanes; TEAM of them share an element of y
//
// With one row nothing is used twice, so nothing is staged: neighbouring lanes of a team read neighbours along k, and add up in pairs.
// Row i of the map is row x_first + i of x and row y_first + i of y: a run may read and write a stretch of longer tensors. x may be a
// stretch of columns of a wider tensor.
// Source: the matrix-vector product of Golub and Van Loan, Matrix Computations (4th ed. 2013), section 1.1.

const LANES: u32 = 64u; // lanes per workgroup  @tune 32 64 128 256
const TEAM: u32 = 16u; // lanes that share an element of y, a power of two  @tune 1 2 4 8 16 32
const HAS_BIAS: bool = true; // add the bias  @flag
const HAS_GATE: bool = true; // multiply by the gate  @flag
const HAS_RESIDUAL: bool = true; // add the residual  @flag
const ACTIVATION: u32 = 0u; // which one: see activate()  @shape
const_assert (TEAM & (TEAM - 1u)) == 0u;

struct Params {
  rows: u32, // rows of this run
  k: u32, // columns of x
  n: u32, // columns of y
  x_at: u32, // first element of x
  x_row: u32, // elements from one row of x to the next
  x_first: u32, // first row of x
  y_first: u32, // first row of y
  weight_at: u32, // first element of the weight
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [x rows, k]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [n, k]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [n], or one unused word
@group(0) @binding(3) var<storage, read> gate: array<f32>; // [rows, n], or one unused word
@group(0) @binding(4) var<storage, read> residual: array<f32>; // [rows, n], or one unused word
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [y rows, n]
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> partial: array<f32, LANES>; // [LANES / TEAM, TEAM]: what each lane has summed

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y;
  let place = lane % TEAM; // in its team
  let column = (group.x * LANES + lane) / TEAM;
  let present = row < params.rows && column < params.n;

  //: multiply
  //: record at row column
  var sum = 0.0;
  if (present) {
    let x0 = params.x_at + (params.x_first + row) * params.x_row;
    let w0 = params.weight_at + column * params.k;
    for (var i = place; i < params.k; i += TEAM) {
      sum = fma(x[x0 + i], weight[w0 + i], sum);
    }
  }
  if (TEAM > 1u) {
    partial[lane] = sum;
    workgroupBarrier();
    //: add-pairs
    for (var half = TEAM / 2u; half > 0u; half /= 2u) {
      if (place < half) { partial[lane] += partial[lane + half]; }
      workgroupBarrier();
    }
  }

  //: write-row
  if (present && place == 0u) {
    if (TEAM > 1u) { sum = partial[lane]; }
    write_element(row, column, sum);
  }
}
// ---- from linear-write.wgsl
// Makes an element of y of its sum.
fn write_element(row: u32, column: u32, sum: f32) {
  let at = row * params.n + column;
  var element = sum;
  if (HAS_BIAS) { element += bias[column]; }
  element = activate(element);
  if (HAS_GATE) { element *= gate[at]; }
  if (HAS_RESIDUAL) { element += residual[at]; }
  y[params.y_first * params.n + at] = element;
}
// ---- from activate.wgsl
// What a unit of a network makes of its sum: 0 the sum itself, 1 ReLU, 2 ReLU squared, 3 GELU, 4 GELU by the tanh formula, 5 SiLU.
fn activate(x: f32) -> f32 {
  if (ACTIVATION == 1u) { return max(x, 0.0); }
  if (ACTIVATION == 2u) { return max(x, 0.0) * max(x, 0.0); }
  if (ACTIVATION == 3u) { return 0.5 * x * (1.0 + error_function(x * 0.70710678)); }
  // (1 + tanh u) / 2 is the logistic function of 2 u: no difference of nearly equal numbers where u is far below 0.
  if (ACTIVATION == 4u) { return x / (1.0 + exp(-1.5957691 * (x + 0.044715 * x * x * x))); }
  if (ACTIVATION == 5u) { return x / (1.0 + exp(-x)); }
  return x;
}
// erf(x) to 1.5e-7. Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.26.
fn error_function(x: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - series * exp(-x * x));
}
