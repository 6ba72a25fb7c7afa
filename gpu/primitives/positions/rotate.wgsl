// Rotary positions: every pair of a row's first channels is rotated by its position times the pair's frequency; the others are copied.
//
//   (a, b) → (a cos − b sin, b cos + a sin)        pairs (i, i + PAIRS), or (2i, 2i + 1) where INTERLEAVED
//
//   x [batch, heads, rows, channels] → y, f32, either a view with strides of its own; rows 0 … tokens − 1 go to rows y_row …
//   turns [2, PAIRS] u32: turns per position, whole 2⁻³² and then the rest in 2⁻⁶⁴;   positions [position_batches, rows] i32
//   angles: cos and then sin [position_batches, rows, 2 · PAIRS], then radians per position [PAIRS]
//   grid : (ceil(rows · heads · (channels − PAIRS) / LANES), 1, batch); an invocation has a pair, or a channel that is copied
//
// Source: Su et al. 2021 (arXiv:2104.09864), equation 34; the layout in halves is that of GPT-NeoX and Llama.

const LANES: u32 = 64u; // pairs per workgroup  @tune 16 32 64 128
const PAIRS: u32 = 4u; // pairs that are rotated  @shape
const INTERLEAVED: bool = false; // neighbours are a pair  @flag
const HAS_POSITIONS: bool = false; // positions are given, else consecutive from `position`  @flag
const TO_RADIANS: f32 = 1.4629180792671596e-9; // 2π / 2³²

struct Params {
  channels: u32, // of a head
  heads: u32, // of x
  tokens: u32, // rows of this run
  position: u32, // of row 0
  positions_batch: u32, // from a sequence's positions to the next's; 0 where all have the same
  keep_angles: u32, // 1: store angles
  angles_sin: u32, // where in angles the sines begin
  angles_rates: u32, // and the radians per position
  x_at: u32, // first element of x, and elements from one sequence, head or row to the next
  x_batch: u32,
  x_head: u32,
  x_time: u32,
  y_at: u32, // the same of y
  y_batch: u32,
  y_head: u32,
  y_time: u32,
  y_row: u32, // row of y that row 0 goes to
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, heads, rows, channels]
@group(0) @binding(1) var<storage, read> turns: array<u32>; // [2, PAIRS]
@group(0) @binding(2) var<storage, read> positions: array<i32>; // [position_batches, rows]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // as x
@group(0) @binding(4) var<storage, read_write> angles: array<f32>; // cos, sin, radians per position
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let units = params.channels - PAIRS;
  let unit = id.x % units;
  let head = (id.x / units) % params.heads;
  let row = id.x / units / params.heads;
  if (row >= params.tokens) { return; }
  let from0 = params.x_at + id.z * params.x_batch + head * params.x_head + row * params.x_time;
  let to0 = params.y_at + id.z * params.y_batch + head * params.y_head + (params.y_row + row) * params.y_time;
  if (unit >= PAIRS) {
    //: copy
    y[to0 + unit + PAIRS] = x[from0 + unit + PAIRS];
    return;
  }

  //: rotate
  let place = id.z * params.positions_batch + row;
  var position = params.position + row;
  if (HAS_POSITIONS) { position = u32(positions[place]); }
  let hi = turns[unit];
  let lo = turns[PAIRS + unit];
  let angle = turned(position, hi, lo);
  let sine = sine_of(angle);
  let cosine = sine_of(angle + QUARTER_TURN);
  //: record cosine sine at batch=id.z head time=row pair=unit
  let first = select(unit, 2u * unit, INTERLEAVED);
  let second = select(unit + PAIRS, 2u * unit + 1u, INTERLEAVED);
  let a = x[from0 + first];
  let b = x[from0 + second];
  y[to0 + first] = fma(a, cosine, -b * sine);
  y[to0 + second] = fma(b, cosine, a * sine);

  if (params.keep_angles == 1u && head == 0u && (id.z == 0u || params.positions_batch > 0u)) {
    //: keep-angles
    let kept = place * 2u * PAIRS;
    angles[kept + first] = cosine;
    angles[kept + second] = cosine;
    angles[params.angles_sin + kept + first] = sine;
    angles[params.angles_sin + kept + second] = sine;
    if (place == 0u) { angles[params.angles_rates + unit] = (f32(hi) + f32(lo) / 4294967296.0) * TO_RADIANS; }
  }
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
