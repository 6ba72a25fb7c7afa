// Matrix product for graphics processors: c = a b, plus a bias on every row.
//
//   a : [m, k]   b : [k, n]   bias : [n]   c : [m, n]   row-major f32, read and written as vec4: k and n are multiples of four
//   grid : (ceil(n / 4 TX), ceil(m / 4 TY)) workgroups of TX × TY lanes; a lane owns four rows and four columns of c
//
// Neighbouring lanes load neighbouring vec4s. Eight vec4s read from workgroup memory serve 64 multiply-adds.
// Source: the blocked product of Golub and Van Loan, Matrix Computations (4th ed. 2013), section 1.5.

const TX: u32 = 16u; // lanes along columns; a tile of c has four times as many columns  @tune 8 16
const TY: u32 = 8u; // lanes along rows, likewise  @tune 4 8 16
const DEPTH: u32 = 4u; // vec4s along k that a step brings in  @tune 2 4 8
const HAS_BIAS: bool = true; // add the bias  @flag
const BM: u32 = 4u * TY; // rows of a tile of c

struct Params {
  m: u32, // rows of a and c
  k: u32, // columns of a, rows of b
  n: u32, // columns of b and c
}

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>; // [m, k / 4]
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>; // [k, n / 4]
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>; // [n / 4], or one unused vec4
@group(0) @binding(3) var<storage, read_write> c: array<vec4<f32>>; // [m, n / 4]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> a_tile: array<vec4<f32>, BM * DEPTH>; // [BM, DEPTH], zero past the edges of a
var<workgroup> b_tile: array<vec4<f32>, 4u * DEPTH * TX>; // [4 · DEPTH, TX], zero past the edges of b

@compute @workgroup_size(TX, TY)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) lane: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let width = params.n / 4u; // vec4s per row of b and c
  let depth = params.k / 4u; // vec4s per row of a
  let row0 = tile.y * BM;
  let column0 = tile.x * TX;
  var sums = mat4x4<f32>(); // this lane's elements of c, a row to a matrix column

  for (var i0 = 0u; i0 < depth; i0 += DEPTH) {
    //: load-tiles
    for (var i = index; i < BM * DEPTH; i += TX * TY) {
      let row = row0 + i / DEPTH;
      let column = i0 + i % DEPTH;
      var element = vec4<f32>();
      if (row < params.m && column < depth) { element = a[row * depth + column]; }
      a_tile[i] = element;
    }
    for (var i = index; i < 4u * DEPTH * TX; i += TX * TY) {
      let row = 4u * i0 + i / TX;
      let column = column0 + i % TX;
      var element = vec4<f32>();
      if (row < params.k && column < width) { element = b[row * width + column]; }
      b_tile[i] = element;
    }
    workgroupBarrier();

    //: multiply
    for (var i = 0u; i < DEPTH; i++) {
      let at = 4u * i * TX + lane.x;
      let four = mat4x4<f32>(b_tile[at], b_tile[at + TX], b_tile[at + 2u * TX], b_tile[at + 3u * TX]);
      let row = 4u * lane.y * DEPTH + i;
      sums = sums + mat4x4<f32>(
        four * a_tile[row], four * a_tile[row + DEPTH], four * a_tile[row + 2u * DEPTH], four * a_tile[row + 3u * DEPTH]);
    }
    // The next step overwrites the tiles: every lane must be done with them.
    workgroupBarrier();
  }

  //: write-tile
  for (var r = 0u; r < 4u; r++) {
    let row = row0 + 4u * lane.y + r;
    let column = column0 + lane.x;
    if (row < params.m && column < width) {
      var element = sums[r];
      if (HAS_BIAS) { element += bias[column]; }
      c[row * width + column] = element;
    }
  }
}
