// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such.
fn decay(x: f32) -> f32 {
  return exp(x);
}
