// Rows of D columns, copied to rows whose length is a multiple of four, so that they can be read as vec4s.
//
//   narrow : [rows, D]   wide : [rows, COLUMNS] as vec4, zero past column D   row-major f32
//   grid   : workgroups of SIZE invocations along x, then y; an invocation writes one vec4

const SIZE: u32 = 64u; // invocations per workgroup  @tune 32 64 128 256
const D: u32 = 30u; // columns of a narrow row  @shape
const COLUMNS: u32 = (D + 3u) / 4u; // vec4s of a wide row

struct Params {
  count: u32, // vec4s to write: rows · COLUMNS
}

@group(0) @binding(0) var<storage, read> narrow: array<f32>; // [rows, D]
@group(0) @binding(1) var<storage, read_write> wide: array<vec4<f32>>; // [rows, COLUMNS]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = id.y * groups.x * SIZE + id.x;
  if (at >= params.count) { return; }
  let column = at % COLUMNS * 4u;
  let start = at / COLUMNS * D + column;
  var four = vec4<f32>(narrow[start], 0.0, 0.0, 0.0);
  if (column + 1u < D) { four.y = narrow[start + 1u]; }
  if (column + 2u < D) { four.z = narrow[start + 2u]; }
  if (column + 3u < D) { four.w = narrow[start + 3u]; }
  wide[at] = four;
}
