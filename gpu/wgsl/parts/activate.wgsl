// What a unit of a network makes of its sum: 0 the sum itself, 1 ReLU, 2 ReLU squared, 3 GELU, 4 GELU by the tanh formula, 5 SiLU.
fn activate(x: f32) -> f32 {
  if (ACTIVATION == 1u) { return max(x, 0.0); }
  if (ACTIVATION == 2u) { return max(x, 0.0) * max(x, 0.0); }
  if (ACTIVATION == 3u) { return 0.5 * x * (1.0 + error_function(x * 0.70710678)); }
  // (1 + tanh u) / 2 is the logistic function of 2 u: no difference of nearly equal numbers where u is far below 0.
  if (ACTIVATION == 4u) { return x / (1.0 + exp(-1.5957691 * (x + 0.044715 * x * x * x))); }
  if (ACTIVATION == 5u) { return x / (1.0 + exp(-x)); }
  return x;
}
// erf(x) to 1.5e-7. Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.26.
fn error_function(x: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.3275911 * abs(x));
  let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - series * exp(-x * x));
}
