// Rows with a class token before them, and a row of a table added to each that tells its place.
//
//   out[0] = class_token + positions[0]     out[1 + t] = x[t] + positions[1 + t]     without a class token out[t] = x[t] + positions[t]
//
//   x [batch, tokens, width]   class_token [width]   positions [rows, width]   out [batch, rows, width]   row-major f32
//   grid : (ceil(width / LANES), rows, batch), rows = tokens, and one more with a class token; a lane owns one element of out
//
// Source: Dosovitskiy et al. 2020 (arXiv:2010.11929), equation 1.

const LANES: u32 = 64u; // columns per workgroup  @tune 32 64 128
const HAS_CLASS_TOKEN: bool = true; // a row before the others  @flag
const HAS_POSITIONS: bool = true; // add the place's row  @flag

struct Params {
  width: u32, // columns
  rows: u32, // of out
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, width]
@group(0) @binding(1) var<storage, read> class_token: array<f32>; // [width], or one unused word
@group(0) @binding(2) var<storage, read> positions: array<f32>; // [rows, width], or one unused word
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [batch, rows, width]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let column = grid.x * LANES + lane;
  if (column >= params.width) {
    return;
  }
  let row = grid.y;
  //: place-row
  //: record at row column
  var element = 0.0;
  if (HAS_CLASS_TOKEN && row == 0u) {
    element = class_token[column];
  } else if (HAS_CLASS_TOKEN) {
    element = x[(grid.z * (params.rows - 1u) + row - 1u) * params.width + column];
  } else {
    element = x[(grid.z * params.rows + row) * params.width + column];
  }
  if (HAS_POSITIONS) { element += positions[row * params.width + column]; }
  out[(grid.z * params.rows + row) * params.width + column] = element;
}
