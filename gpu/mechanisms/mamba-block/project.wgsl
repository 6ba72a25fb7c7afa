// Linear map over channels, for every time step of every sequence: y = W x.
//
//   y[b, o, t] = Σ_i W[o, i] x[b, i, t]     weight [outputs, inputs]; x and y in any order of their axes, given by strides
//   grid: (ceil(steps / LANES), ceil(outputs / ROWS), batch); one invocation per time step and ROWS outputs
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), figure 3: in_proj, x_proj, dt_proj and out_proj of the block.

const LANES: u32 = 32u; // time steps per workgroup  @tune 16 32 64
const ROWS: u32 = 4u; // outputs per invocation  @tune 2 4 8
const DEPTH: u32 = 32u; // inputs per staged tile of W  @tune 16 32 64

struct Params {
  inputs: u32, // channels of x
  outputs: u32, // channels of y
  steps: u32, // time steps
  x_at: u32, // first element of x
  x_batch: u32, // elements of x between sequences
  x_row: u32, // elements of x between channels
  x_step: u32, // elements of x between time steps
  y_batch: u32, // elements of y between sequences
  y_row: u32, // elements of y between channels
  y_step: u32, // elements of y between time steps
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, inputs, steps] by strides
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [outputs, inputs]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [batch, outputs, steps] by strides
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> tile: array<f32, ROWS * DEPTH>; // ROWS rows of W, DEPTH inputs of each

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let t = grid.x * LANES + lane;
  let first = grid.y * ROWS; // first output of this workgroup
  let rows = min(ROWS, params.outputs - first);
  let x_first = params.x_at + grid.z * params.x_batch + t * params.x_step;
  var sums: array<f32, ROWS>;
  for (var i0 = 0u; i0 < params.inputs; i0 += DEPTH) {
    let depth = min(DEPTH, params.inputs - i0);
    //: stage-weights
    for (var e = lane; e < rows * depth; e += LANES) {
      tile[e / depth * DEPTH + e % depth] = weight[(first + e / depth) * params.inputs + i0 + e % depth];
    }
    workgroupBarrier();
    //: multiply
    for (var i = 0u; t < params.steps && i < depth; i++) {
      let factor = x[x_first + (i0 + i) * params.x_row];
      for (var r = 0u; r < rows; r++) {
        sums[r] += tile[r * DEPTH + i] * factor;
      }
    }
    workgroupBarrier();
  }
  //: write-projection
  for (var r = 0u; t < params.steps && r < rows; r++) {
    y[grid.z * params.y_batch + (first + r) * params.y_row + t * params.y_step] = sums[r];
  }
}
