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
