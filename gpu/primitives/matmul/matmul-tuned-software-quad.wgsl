// Matrix product for processors that run WGSL four invocations at a time: c = a b, plus a bias on every row.
//
//   a : [m, k]   b : [k, n]   bias : [n]   c : [m, n]   row-major f32, read and written as vec4: k and n are multiples of four
//   grid : (ceil(n / 16), ceil(m / BR)) workgroups; an invocation owns ROWS rows, LANES apart, of 16 columns of c
//
// There a load takes as long as some ten multiply-adds, wherever it goes, and a barrier longer still. So nothing is staged in
// workgroup memory: each invocation of a quad loads four of the 16 columns of b, and the quad swaps them among its registers.
enable subgroups;

const LANES: u32 = 16u; // invocations per workgroup, whole quads  @tune 4 8 16 32
const HAS_BIAS: bool = true; // add the bias  @flag
const RAGGED: bool = true; // some tile is not full: check every row and column before it is loaded  @flag
const ROWS: u32 = 4u; // rows of c per invocation: an s each
const BR: u32 = LANES * ROWS; // rows of c per workgroup

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

alias Tile = mat4x4<f32>; // four rows of b in four of its columns; in s, one row of c: four columns for each place of the quad

fn load_a(at: u32, present: bool) -> vec4<f32> {
  var row = vec4<f32>();
  if (!RAGGED || present) { row = a[at]; }
  return row;
}
fn load_b(at: u32, width: u32, present: bool) -> Tile {
  var rows = Tile();
  if (!RAGGED || present) { rows = Tile(b[at], b[at + width], b[at + 2u * width], b[at + 3u * width]); }
  return rows;
}

// What the neighbour at place ^ 1, and at place ^ 2, of the quad holds.
fn swap_x(x: Tile) -> Tile { return Tile(quadSwapX(x[0]), quadSwapX(x[1]), quadSwapX(x[2]), quadSwapX(x[3])); }
fn swap_y(x: Tile) -> Tile { return Tile(quadSwapY(x[0]), quadSwapY(x[1]), quadSwapY(x[2]), quadSwapY(x[3])); }

// Writes four columns of a row, vec4 number `column` of it.
fn write(row: u32, column: u32, sum: vec4<f32>) {
  let width = params.n / 4u;
  if (RAGGED && (row >= params.m || column >= width)) { return; }
  var element = sum;
  if (HAS_BIAS) { element += bias[column]; }
  c[row * width + column] = element;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) subgroup_index: u32,
) {
  let place = subgroup_index % 4u; // in the quad
  let width = params.n / 4u; // vec4s per row of b and c
  let depth = params.k / 4u; // vec4s per row of a
  let rows = vec4<u32>(tile.y * BR + index) + LANES * vec4<u32>(0u, 1u, 2u, 3u); // of this invocation
  let mine = rows < vec4<u32>(params.m);
  let column = tile.x * 4u + place; // the vec4 of b's rows that this invocation loads
  let row = rows * depth;
  var s0 = Tile(); var s1 = Tile(); var s2 = Tile(); var s3 = Tile();

  for (var i = 0u; i < depth; i++) {
    //: multiply
    let own = load_b(4u * i * width + column, width, column < width);
    let x = swap_x(own); let y = swap_y(own); let d = swap_y(x);
    let a0 = load_a(row.x + i, mine.x); s0 += Tile(own * a0, x * a0, y * a0, d * a0);
    let a1 = load_a(row.y + i, mine.y); s1 += Tile(own * a1, x * a1, y * a1, d * a1);
    let a2 = load_a(row.z + i, mine.z); s2 += Tile(own * a2, x * a2, y * a2, d * a2);
    let a3 = load_a(row.w + i, mine.w); s3 += Tile(own * a3, x * a3, y * a3, d * a3);
  }

  //: write-tile
  for (var place_of = 0u; place_of < 4u; place_of++) {
    let at = tile.x * 4u + (place ^ place_of);
    write(rows.x, at, s0[place_of]);
    write(rows.y, at, s1[place_of]);
    write(rows.z, at, s2[place_of]);
    write(rows.w, at, s3[place_of]);
  }
}
