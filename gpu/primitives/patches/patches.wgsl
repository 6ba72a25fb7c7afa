// Windows of a picture as rows, copied cell by cell: nothing is computed.
//
//   out[(i, j), (c, a, b)] = x[c, i · stride − padding + a, j · stride − padding + b]     x is 0 past its edges
//
//   x [batch, planes, height, width]   out [batch, tokens, planes · patch · patch], tokens row by row, cells plane by plane
//   grid : (ceil(columns of out / LANES), tokens, batch); a lane owns one element of out
//
// Patches that touch each other have stride = patch and no padding. Source: Dosovitskiy et al. 2020 (arXiv:2010.11929), equation 1, in the
// order of nn.Unfold, which Tokens-to-Token ViT calls the soft split (arXiv:2101.11986, section 3.1).

const LANES: u32 = 64u; // elements of out per workgroup  @tune 32 64 128

struct Params {
  planes: u32, // of x
  height: u32, // of x
  width: u32, // of x
  tokens: u32, // rows of out
  across: u32, // windows side by side
  size: u32, // rows and columns of a window
  stride: u32, // cells of x from one window to the next
  padding: u32, // cells of zeros around x
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, planes, height, width]
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [batch, tokens, planes · patch · patch]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let columns = params.planes * params.size * params.size;
  let column = grid.x * LANES + lane;
  if (column >= columns) {
    return;
  }
  let token = grid.y;
  let plane = column / (params.size * params.size);
  // Of the picture with its padding.
  let row = (token / params.across) * params.stride + (column / params.size) % params.size;
  let place = (token % params.across) * params.stride + column % params.size;

  //: copy-cell
  //: record at token column
  var cell = 0.0;
  let inside = row >= params.padding && row - params.padding < params.height;
  if (inside && place >= params.padding && place - params.padding < params.width) {
    let x_row = (grid.z * params.planes + plane) * params.height + row - params.padding;
    cell = x[x_row * params.width + place - params.padding];
  }
  out[(grid.z * params.tokens + token) * columns + column] = cell;
}
