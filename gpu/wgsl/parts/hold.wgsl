// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: f32) -> f32 {
  if (abs(x) < 0.35) {
    return 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  }
  return (exp(x) - 1.0) / x;
}
