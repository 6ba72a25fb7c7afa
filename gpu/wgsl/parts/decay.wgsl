// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
