// Whether query `row` sees `key`; the diagonal ends in the bottom-right corner: `shift` = keys − queries.
fn visible(row: u32, key: u32, shift: i32) -> bool {
  let distance = i32(key) - i32(row) - shift;
  return (params.window_right < 0 || distance <= params.window_right)
      && (params.window_left < 0 || -distance <= params.window_left);
}
// The product of a query and a key as a score: scaled, then capped where softcap is on.
fn score(product: f32) -> f32 {
  let scaled = product * params.scale;
  if (params.softcap == 0.0) { return scaled; }
  let x = clamp(scaled / params.softcap, -10.0, 10.0); // some devices give NaN far out
  if (abs(x) < 0.5) { return scaled / (1.0 + x * x / (3.0 + x * x / (5.0 + x * x / 7.0))); } // near 0 tanh() loses digits
  return params.softcap * tanh(x);
}
