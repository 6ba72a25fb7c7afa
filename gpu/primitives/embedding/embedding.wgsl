// Token embedding: one row of a table per token id, scaled, plus what tells the token's position: a sinusoidal signal or a learned row.
//
//   ids : [n] i32   table : [rows, width]   rates : [width / 2]   positions : [places, width]   out : [n, width]   row-major f32
//   out[t, c] = scale · table[ids[t], c] + signal(first_position + t, c) + positions[first_position + t, c]
//   signal(p, c) = sin(p · rates[c]) in the first half of a row, cos(p · rates[c − width / 2]) in the second
//   grid : one workgroup of LANES lanes per token; lane i owns the columns i, i + LANES, i + 2 LANES …
//
// An id outside the table, and a position beyond `places`, count as a row of zeros. Source: Vaswani et al. 2017 (arXiv:1706.03762), sections 3.4 and 3.5, with
// sines and cosines side by side instead of interleaved.

const LANES: u32 = 64u;        // lanes per token  @tune 32 64 128 256
const HAS_TIMING: bool = true; // add the timing signal  @flag
const HAS_POSITIONS: bool = true; // add the position's row  @flag

struct Params {
  rows: u32,           // rows of the table
  width: u32,          // columns of the table
  scale: f32,          // factor on the table's row
  first_position: u32, // position of token 0
  places: u32,         // rows of `positions`
}

@group(0) @binding(0) var<storage, read> ids: array<i32>;        // [n]
@group(0) @binding(1) var<storage, read> table: array<f32>;      // [rows, width]
@group(0) @binding(2) var<storage, read> rates: array<f32>;      // [width / 2] radians per position, or one unused word
@group(0) @binding(3) var<storage, read> positions: array<f32>;  // [places, width], or one unused word
@group(0) @binding(4) var<storage, read_write> out: array<f32>;  // [n, width]
@group(0) @binding(5) var<uniform> params: Params;

const TWO_OVER_PI: f32 = 0.63661977; // quarter turns per radian
// π/2 in three parts with few enough bits that `quarters` times each of the first two is exact.
const QUARTER_TURN_1: f32 = 1.5703125; // leading bits
const QUARTER_TURN_2: f32 = 4.837512969970703e-4; // next bits
const QUARTER_TURN_3: f32 = 7.549789948768648e-8; // rest

// sin(x + shift · π/2) for 0 ≤ x < 8192, within 1e-6. WGSL promises its own sin only 2⁻¹¹, and only inside [−π, π].
// Range reduction after Cody and Waite (1980).
fn sine(x: f32, shift: u32) -> f32 {
  let quarters = floor(fma(x, TWO_OVER_PI, 0.5));
  let r = ((x - quarters * QUARTER_TURN_1) - quarters * QUARTER_TURN_2) - quarters * QUARTER_TURN_3;
  return sine_in(u32(quarters) + shift, r);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let token = group.x;
  if (lane >= params.width) {
    return;
  }
  //: read-id
  let id = ids[token];
  let place = params.first_position + token;
  let position = f32(place);
  let half = params.width / 2u;

  for (var column = lane; column < params.width; column += LANES) {
    //: gather-row
    //: record id at token column
    var element = 0.0;
    if (id >= 0 && u32(id) < params.rows) {
      element = params.scale * table[u32(id) * params.width + column];
    }
    if (HAS_TIMING) {
      if (column < half) {
        element += sine(position * rates[column], 0u);
      } else {
        element += sine(position * rates[column - half], 1u);
      }
    }
    if (HAS_POSITIONS && place < params.places) { element += positions[place * params.width + column]; }
    out[token * params.width + column] = element;
  }
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
