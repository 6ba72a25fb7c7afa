// A linear map of many rows, with what follows it: y = activate(x Wᵀ + bias) · gate + residual.
//
//   x : [x rows, k]   weight : [n, k]   bias : [n]   gate, residual : [rows, n]   y : [y rows, n]   row-major f32
//   grid : (ceil(n / TILE), ceil(rows / (TILE · ROWS))) workgroups of TILE × TILE lanes
//   lane (a, b) owns column a and the ROWS rows b, b + TILE, b + 2 TILE … of its tile of y
//
// Row i of the map is row x_first + i of x and row y_first + i of y: a run may read and write a stretch of longer tensors. x may be a
// stretch of columns of a wider tensor.
// Source: the blocked product of Golub and Van Loan, Matrix Computations (4th ed. 2013), section 1.5.

const TILE: u32 = 16u; // columns of a tile, and depth of a step along k  @tune 4 8 16
const ROWS: u32 = 4u; // rows of y per lane  @tune 1 2 4 8
const HAS_BIAS: bool = true; // add the bias  @flag
const HAS_GATE: bool = true; // multiply by the gate  @flag
const HAS_RESIDUAL: bool = true; // add the residual  @flag
const ACTIVATION: u32 = 0u; // which one: see activate()  @shape

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

var<workgroup> x_tile: array<f32, TILE * ROWS * TILE>; // [TILE · ROWS, TILE], zero past the edges of x
var<workgroup> w_tile: array<f32, TILE * TILE>; // [TILE of k, TILE of n], zero past the edges of the weight

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let a = lane.x;
  let b = lane.y;
  let row0 = tile.y * TILE * ROWS;
  let column0 = tile.x * TILE;
  let column = column0 + a;
  var sums: array<f32, ROWS>; // this lane's elements of y

  for (var k0 = 0u; k0 < params.k; k0 += TILE) {
    //: load-tiles
    //: record at row=row0 column=column0 inner=k0
    for (var r = 0u; r < ROWS; r++) {
      let row = row0 + r * TILE + b;
      var element = 0.0;
      if (row < params.rows && k0 + a < params.k) {
        element = x[params.x_at + (params.x_first + row) * params.x_row + k0 + a];
      }
      x_tile[(r * TILE + b) * TILE + a] = element;
    }
    // Neighbouring lanes read neighbours along k, and put them one below the other.
    var element = 0.0;
    if (column0 + b < params.n && k0 + a < params.k) {
      element = weight[params.weight_at + (column0 + b) * params.k + k0 + a];
    }
    w_tile[a * TILE + b] = element;
    workgroupBarrier();

    //: multiply
    for (var i = 0u; i < TILE; i++) {
      let factor = w_tile[i * TILE + a];
      for (var r = 0u; r < ROWS; r++) {
        sums[r] = fma(x_tile[(r * TILE + b) * TILE + i], factor, sums[r]);
      }
    }
    // The next step overwrites the tiles: every lane must be done with them.
    workgroupBarrier();
  }

  //: write-rows
  for (var r = 0u; r < ROWS; r++) {
    let row = row0 + r * TILE + b;
    if (row < params.rows && column < params.n) { write_element(row, column, sums[r]); }
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
