// A convolution over a picture: every element of out is the sum over a window of x, all planes of it, weighted by the filter of its plane.
//
//   out[o, i, j] = act(Σ_c Σ_a Σ_b weight[o, c, a, b] · x[c, i · stride − padding + a, j · stride − padding + b])     x is 0 past its edges
//
//   x [batch, planes, height, width]   weight [out_planes, planes, kernel, kernel]   out [batch, out_planes, out_height, out_width]
//   grid : (ceil(out_height · out_width / LANES), ceil(out_planes / PLANES), batch); a lane owns one place of PLANES planes of out
//
// A window's cells are read once for PLANES filters. Cells past the edges are stepped over: nothing is read there, and no weight either.
// Source: LeCun et al. 1989, Backpropagation Applied to Handwritten Zip Code Recognition, section 5; conv2d of the CCT tokenizer.

const LANES: u32 = 64u; // places of out per workgroup  @tune 32 64 128
const PLANES: u32 = 4u; // planes of out per lane  @tune 1 2 4 8
const RELU: bool = true; // act = max(0, ·), else none  @flag

struct Params {
  planes: u32, // of x
  height: u32, // of x
  width: u32, // of x
  out_planes: u32, // of out
  out_height: u32, // of out
  out_width: u32, // of out
  kernel: u32, // rows and columns of a filter
  stride: u32, // cells of x from one window to the next
  padding: u32, // cells of zeros around x, fewer than kernel
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, planes, height, width]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [out_planes, planes, kernel, kernel]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [batch, out_planes, out_height, out_width]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = grid.x * LANES + lane;
  let places = params.out_height * params.out_width;
  if (place >= places) {
    return;
  }
  let o0 = grid.y * PLANES;
  let count = min(PLANES, params.out_planes - o0);
  // The window's first cell is cell (top − padding, left − padding) of x; rows a0 … a1 and columns b0 … b1 of it lie in x.
  let top = (place / params.out_width) * params.stride;
  let left = (place % params.out_width) * params.stride;
  let a0 = params.padding - min(params.padding, top);
  let b0 = params.padding - min(params.padding, left);
  let a1 = min(params.kernel, params.height + params.padding - top);
  let b1 = min(params.kernel, params.width + params.padding - left);
  let filter_size = params.planes * params.kernel * params.kernel;

  var sums: array<f32, PLANES>; // this lane's elements of out
  for (var c = 0u; c < params.planes; c++) {
    //: window
    //: record at plane=o0 place inner=c
    for (var a = a0; a < a1; a++) {
      let x_row = ((grid.z * params.planes + c) * params.height + top + a - params.padding) * params.width;
      let weight_row = (c * params.kernel + a) * params.kernel;
      for (var b = b0; b < b1; b++) {
        let cell = x[x_row + left + b - params.padding];
        for (var p = 0u; p < count; p++) {
          sums[p] = fma(cell, weight[(o0 + p) * filter_size + weight_row + b], sums[p]);
        }
      }
    }
  }

  //: write-planes
  for (var p = 0u; p < count; p++) {
    var element = sums[p];
    if (RELU) { element = max(element, 0.0); }
    out[(grid.z * params.out_planes + o0 + p) * places + place] = element;
  }
}
