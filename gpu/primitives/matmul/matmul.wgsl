// Tiled matrix product: c = a b, plus a bias on every row.
//
//   a : [m, k]   b : [k, n]   bias : [n]   c : [m, n]   row-major f32
//   grid : (ceil(n / TILE), ceil(m / (TILE · ROWS))) workgroups of TILE × TILE lanes
//   lane (x, y) owns column x and the ROWS rows y, y + TILE, y + 2 TILE … of its tile of c
//
// Each element that a workgroup brings in is used TILE (a) or TILE · ROWS (b) times from workgroup memory.
// Source: the blocked product of Golub and Van Loan, Matrix Computations (4th ed. 2013), section 1.5.

const TILE: u32 = 16u;       // columns of a tile, and depth of a step along k  @tune 4 8 16
const ROWS: u32 = 4u;        // rows of c per lane  @tune 1 2 4 8
const HAS_BIAS: bool = true; // add the bias  @flag

struct Params {
  m: u32, // rows of a and c
  k: u32, // columns of a, rows of b
  n: u32, // columns of b and c
}

@group(0) @binding(0) var<storage, read> a: array<f32>;        // [m, k]
@group(0) @binding(1) var<storage, read> b: array<f32>;        // [k, n]
@group(0) @binding(2) var<storage, read> bias: array<f32>;     // [n], or one unused word
@group(0) @binding(3) var<storage, read_write> c: array<f32>;  // [m, n]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> a_tile: array<f32, TILE * ROWS * TILE>; // [TILE · ROWS, TILE], zero past the edges of a
var<workgroup> b_tile: array<f32, TILE * TILE>;        // [TILE, TILE], zero past the edges of b

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let x = lane.x;
  let y = lane.y;
  let row0 = tile.y * TILE * ROWS;
  let col0 = tile.x * TILE;
  let col = col0 + x;
  var sums: array<f32, ROWS>; // this lane's elements of c

  for (var k0 = 0u; k0 < params.k; k0 += TILE) {
    //: load-tiles
    //: record at row=row0 column=col0 inner=k0
    for (var r = 0u; r < ROWS; r++) {
      let row = row0 + r * TILE + y;
      var element = 0.0;
      if (row < params.m && k0 + x < params.k) {
        element = a[row * params.k + k0 + x];
      }
      a_tile[(r * TILE + y) * TILE + x] = element;
    }
    var element = 0.0;
    if (k0 + y < params.k && col < params.n) {
      element = b[(k0 + y) * params.n + col];
    }
    b_tile[y * TILE + x] = element;
    workgroupBarrier();

    //: multiply
    for (var i = 0u; i < TILE; i++) {
      let factor = b_tile[i * TILE + x];
      for (var r = 0u; r < ROWS; r++) {
        sums[r] = fma(a_tile[(r * TILE + y) * TILE + i], factor, sums[r]);
      }
    }
    // The next step overwrites the tiles: every lane must be done with them.
    workgroupBarrier();
  }

  //: write-tile
  for (var r = 0u; r < ROWS; r++) {
    let row = row0 + r * TILE + y;
    if (row < params.m && col < params.n) {
      var sum = sums[r];
      if (HAS_BIAS) {
        sum += bias[col];
      }
      c[row * params.n + col] = sum;
    }
  }
}
