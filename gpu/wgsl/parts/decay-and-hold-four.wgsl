// What a step leaves of a state: eˣ, x = Δ A. Near 0 by its series, exact to the last digit: exp() may be off by a few, for all x
// nearby to the same side, and over a long scan that adds up.
fn decay(x: vec4f) -> vec4f {
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return select(1.0 + (x + x * x * rest), exp(x), abs(x) > vec4f(0.5));
}
// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: vec4f) -> vec4f {
  let series = 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  let small = abs(x) < vec4f(0.35);
  return select((exp(x) - 1.0) / select(x, vec4f(1.0), small), series, small);
}
