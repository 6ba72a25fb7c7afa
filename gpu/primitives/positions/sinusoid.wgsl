// A table of sinusoidal positions: table[p, c] = sin(position · frequency of c + phase of c), where the phase is 0 or a quarter turn.
//
//   columns [3, width] u32: turns per position, whole 2⁻³² and then the rest in 2⁻⁶⁴; the phase in 2⁻³² turns
//   positions [rows] i32   table [rows, width] f32
//   grid : ceil(rows · width / LANES) workgroups; an invocation has an element
//
// Source: Vaswani et al. 2017 (arXiv:1706.03762), section 3.5; which column has which wave differs among models (README).

const LANES: u32 = 64u; // elements per workgroup  @tune 16 32 64 128
const HAS_POSITIONS: bool = false; // positions are given, else consecutive from `position`  @flag

struct Params {
  width: u32, // columns of the table
  tokens: u32, // rows of this run
  position: u32, // of row 0
  table_row: u32, // row of the table that row 0 goes to
}

@group(0) @binding(0) var<storage, read> columns: array<u32>; // [3, width]
@group(0) @binding(1) var<storage, read> positions: array<i32>; // [rows]
@group(0) @binding(2) var<storage, read_write> table: array<f32>; // [rows, width]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let width = params.width;
  let row = id.x / width;
  let column = id.x % width;
  if (row >= params.tokens) { return; }
  //: wave
  var position = params.position + row;
  if (HAS_POSITIONS) { position = u32(positions[row]); }
  let angle = turned(position, columns[column], columns[width + column]) + columns[2u * width + column];
  //: record position at time=row channel=column
  table[(params.table_row + row) * width + column] = sine_of(angle);
}
// ---- from turns.wgsl
// Angles count in 2⁻³² of a turn, so that whole turns fall away by themselves and a far position loses no digit.
const QUARTER_TURN: u32 = 0x40000000u; // π/2
// position · (hi + lo / 2³²), at most 3 too little.
fn turned(position: u32, hi: u32, lo: u32) -> u32 {
  let high = vec2<u32>(position, lo) >> vec2<u32>(16u);
  let low = vec2<u32>(position, lo) & vec2<u32>(0xffffu);
  return position * hi + high.x * high.y + ((high.x * low.y) >> 16u) + ((low.x * high.y) >> 16u);
}

// The sine of an angle: the nearest quarter turn, and what is left in radians (2π/2³² for one).
fn sine_of(angle: u32) -> f32 {
  let ahead = angle + QUARTER_TURN / 2u;
  let rest = i32(ahead & (QUARTER_TURN - 1u)) - i32(QUARTER_TURN / 2u);
  return sine_in(ahead / QUARTER_TURN, f32(rest) * 1.4629180792671596e-9);
}
// ---- from sine.wgsl
// sin(r + quadrant · π/2) for |r| ≤ π/4, within 1e-7. WGSL promises its own sin only 2⁻¹¹.
// Polynomials from Cephes' sinf.c (Moshier 1987).
fn sine_in(quadrant: u32, r: f32) -> f32 {
  let s = r * r;
  let odd = fma(fma(fma(-1.9515295891e-4, s, 8.3321608736e-3), s, -1.6666654611e-1) * s, r, r);
  let even = fma(fma(fma(2.443315711809948e-5, s, -1.388731625493765e-3), s, 4.166664568298827e-2) * s - 0.5, s, 1.0);
  let magnitude = select(odd, even, (quadrant & 1u) == 1u);
  return select(magnitude, -magnitude, (quadrant & 2u) == 2u);
}
