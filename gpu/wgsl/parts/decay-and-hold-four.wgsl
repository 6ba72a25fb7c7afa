// What a step leaves of a state: eˣ, x = Δ A.
fn decay(x: vec4f) -> vec4f {
  return exp(x);
}
// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: vec4f) -> vec4f {
  let series = 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  let small = abs(x) < vec4f(0.35);
  return select((exp(x) - 1.0) / select(x, vec4f(1.0), small), series, small);
}
