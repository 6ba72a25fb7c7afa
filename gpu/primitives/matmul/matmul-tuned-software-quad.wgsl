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
const ROWS: u32 = 8u; // rows of c per invocation: an s each
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

alias Tile = mat4x4<f32>; // four rows of b, in four of its columns
alias Row = array<vec4<f32>, 4>; // of c: 16 columns, four for each place of the quad, this invocation's own first

// What the neighbour at place ^ 1, and at place ^ 2, of the quad holds.
fn swap_x(x: Tile) -> Tile { return Tile(quadSwapX(x[0]), quadSwapX(x[1]), quadSwapX(x[2]), quadSwapX(x[3])); }
fn swap_y(x: Tile) -> Tile { return Tile(quadSwapY(x[0]), quadSwapY(x[1]), quadSwapY(x[2]), quadSwapY(x[3])); }

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) subgroup_index: u32,
) {
  let place = subgroup_index % 4u; // in the quad
  let width = params.n / 4u; // vec4s per row of b and c
  let depth = params.k / 4u; // vec4s per row of a
  let row = tile.y * BR + index; // the first of this invocation's
  let column = tile.x * 4u + place; // the vec4 of b's rows that this invocation loads
  var s0 = Row(); var s1 = Row(); var s2 = Row(); var s3 = Row(); var s4 = Row(); var s5 = Row(); var s6 = Row(); var s7 = Row();

  for (var i = 0u; i < depth; i++) {
    //: multiply
    let own = load_b(4u * i * width + column, width, column < width);
    let x = swap_x(own); let y = swap_y(own); let d = swap_y(x);
    let a0 = load_a(row, i); s0[0] += own * a0; s0[1] += x * a0; s0[2] += y * a0; s0[3] += d * a0;
    let a1 = load_a(row + 1u * LANES, i); s1[0] += own * a1; s1[1] += x * a1; s1[2] += y * a1; s1[3] += d * a1;
    let a2 = load_a(row + 2u * LANES, i); s2[0] += own * a2; s2[1] += x * a2; s2[2] += y * a2; s2[3] += d * a2;
    let a3 = load_a(row + 3u * LANES, i); s3[0] += own * a3; s3[1] += x * a3; s3[2] += y * a3; s3[3] += d * a3;
    let a4 = load_a(row + 4u * LANES, i); s4[0] += own * a4; s4[1] += x * a4; s4[2] += y * a4; s4[3] += d * a4;
    let a5 = load_a(row + 5u * LANES, i); s5[0] += own * a5; s5[1] += x * a5; s5[2] += y * a5; s5[3] += d * a5;
    let a6 = load_a(row + 6u * LANES, i); s6[0] += own * a6; s6[1] += x * a6; s6[2] += y * a6; s6[3] += d * a6;
    let a7 = load_a(row + 7u * LANES, i); s7[0] += own * a7; s7[1] += x * a7; s7[2] += y * a7; s7[3] += d * a7;
  }

  //: write-tile
  let columns = tile.x * 4u + (vec4<u32>(place) ^ vec4<u32>(0u, 1u, 2u, 3u));
  write(row, columns, s0);
  write(row + 1u * LANES, columns, s1);
  write(row + 2u * LANES, columns, s2);
  write(row + 3u * LANES, columns, s3);
  write(row + 4u * LANES, columns, s4);
  write(row + 5u * LANES, columns, s5);
  write(row + 6u * LANES, columns, s6);
  write(row + 7u * LANES, columns, s7);
}
// ---- from matmul-rows.wgsl
// A vec4 of a row of a, and one each of four rows of b; zeros where there is no such row or column.
fn load_a(row: u32, i: u32) -> vec4<f32> {
  var four = vec4<f32>();
  if (!RAGGED || row < params.m) { four = a[row * (params.k / 4u) + i]; }
  return four;
}
fn load_b(at: u32, width: u32, present: bool) -> Tile {
  var rows = Tile();
  if (!RAGGED || present) { rows = Tile(b[at], b[at + width], b[at + 2u * width], b[at + 3u * width]); }
  return rows;
}
// Writes four columns of a row, vec4 number `column` of it; then four such vec4s.
fn write_four(row: u32, column: u32, sum: vec4<f32>) {
  let width = params.n / 4u;
  if (RAGGED && (row >= params.m || column >= width)) { return; }
  var element = sum;
  if (HAS_BIAS) { element += bias[column]; }
  c[row * width + column] = element;
}
fn write(row: u32, columns: vec4<u32>, s: Row) {
  write_four(row, columns.x, s[0]); write_four(row, columns.y, s[1]);
  write_four(row, columns.z, s[2]); write_four(row, columns.w, s[3]);
}
