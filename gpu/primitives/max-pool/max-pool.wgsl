// Max pooling over a picture: every element of out is the largest of its window of x, plane by plane.
//
//   out[c, i, j] = max over a, b of x[c, i · stride − padding + a, j · stride − padding + b], of the cells that are there
//
//   x [batch, planes, height, width]   out [batch, planes, out_height, out_width]   row-major f32
//   grid : (ceil(out_height · out_width / LANES), planes, batch); a lane owns one element of out
//
// Cells past the edges are stepped over, so that they never win. Source: Scherer, Müller and Behnke 2010; nn.MaxPool2d's rule of the edges.

const LANES: u32 = 64u; // elements of out per workgroup  @tune 32 64 128

struct Params {
  planes: u32, // of x and out
  height: u32, // of x
  width: u32, // of x
  out_height: u32, // of out
  out_width: u32, // of out
  kernel: u32, // rows and columns of a window
  stride: u32, // cells of x from one window to the next
  padding: u32, // cells around x that never win, fewer than kernel
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, planes, height, width]
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [batch, planes, out_height, out_width]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = grid.x * LANES + lane;
  let places = params.out_height * params.out_width;
  if (place >= places) {
    return;
  }
  let plane = grid.z * params.planes + grid.y;
  // The window's first cell is cell (top − padding, left − padding) of x; its rows a0 … a1 and columns b0 … b1 lie in x.
  let top = (place / params.out_width) * params.stride;
  let left = (place % params.out_width) * params.stride;
  let a0 = params.padding - min(params.padding, top);
  let b0 = params.padding - min(params.padding, left);
  let a1 = min(params.kernel, params.height + params.padding - top);
  let b1 = min(params.kernel, params.width + params.padding - left);

  //: window
  //: record at plane place
  var largest = -3.4028234e38; // below every cell: each window has one
  for (var a = a0; a < a1; a++) {
    let x_row = (plane * params.height + top + a - params.padding) * params.width;
    for (var b = b0; b < b1; b++) {
      largest = max(largest, x[x_row + left + b - params.padding]);
    }
  }
  out[plane * places + place] = largest;
}
