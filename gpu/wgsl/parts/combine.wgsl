// Two consecutive stretches of time as one: h → a h + b. Associative, not commutative: the earlier stretch stands left.
fn combine(earlier: vec2f, later: vec2f) -> vec2f {
  //: count combine
  return vec2f(later.x * earlier.x, later.x * earlier.y + later.y);
}
