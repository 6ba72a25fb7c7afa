// Linear map of every token: y = W x + bias.
//
//   y[token, o] = bias[o] + Σ_i W[o, i] x[token, i]
//
//   x [tokens, DIM]   weight [outputs, DIM]   bias [outputs]   y [tokens, outputs]   row-major f32; tokens of all sequences
//   grid: (tokens); one workgroup per token, lanes share the outputs
//
// A token comes on chip once, and every row of W meets it there.
// Source: q, k, v and the output projection of Vaswani et al. 2017 (arXiv:1706.03762), section 3.2.2.

const LANES: u32 = 32u; // invocations per token  @tune 16 32 64
const DIM: u32 = 32u; // channels of x  @shape

struct Params {
  outputs: u32, // channels of y
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [tokens, DIM]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // W [outputs, DIM]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [outputs]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [tokens, outputs]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> token: array<f32, DIM>; // this workgroup's row of x

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  //: load-token
  for (var i = lane; i < DIM; i += LANES) {
    token[i] = x[place.x * DIM + i];
  }
  workgroupBarrier();

  //: map-token
  for (var o = lane; o < params.outputs; o += LANES) {
    var sum = bias[o];
    for (var i = 0u; i < DIM; i++) {
      sum += weight[o * DIM + i] * token[i];
    }
    y[place.x * params.outputs + o] = sum;
  }
}
