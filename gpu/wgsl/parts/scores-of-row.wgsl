fn capped(s: vec4<f32>) -> vec4<f32> { // near 0 tanh() loses digits, and far out some devices give NaN
  let x = clamp(s * (params.scale / params.softcap), vec4<f32>(-10.0), vec4<f32>(10.0)); let x2 = x * x;
  return select(tanh(x), x / (1.0 + x2 / (3.0 + x2 / (5.0 + x2 / 7.0))), abs(x) < vec4<f32>(0.5));
}
fn cap(s: Scores) -> Scores { return Scores(capped(s[0]), capped(s[1]), capped(s[2]), capped(s[3])); }
// Puts NEG where a row does not see the key; `diagonal` is the key that the row's own place stands for.
fn seen(s: vec4<f32>, diagonal: i32, key: vec4<u32>, keys: u32) -> vec4<f32> {
  let distance = vec4<i32>(key) - vec4<i32>(diagonal);
  let right = (distance <= vec4<i32>(params.window_right)) | vec4<bool>(params.window_right < 0);
  let left = (distance >= vec4<i32>(-params.window_left)) | vec4<bool>(params.window_left < 0);
  return select(vec4<f32>(NEG), s, left & right & (key < vec4<u32>(keys)));
}
fn highest(s: Scores) -> f32 {
  let x = max(max(s[0], s[1]), max(s[2], s[3])); return max(max(x.x, x.y), max(x.z, x.w));
}
fn total(p: Scores) -> f32 { return dot(p[0] + p[1] + p[2] + p[3], vec4<f32>(1.0)); }
// 2^(s − m), and exactly 0 where the row does not see the key.
fn weight(s: vec4<f32>, m: f32) -> vec4<f32> { return select(vec4<f32>(), exp2(s - m), s > vec4<f32>(NEG)); }
fn weights(s: Scores, m: f32) -> Scores { return Scores(weight(s[0], m), weight(s[1], m), weight(s[2], m), weight(s[3], m)); }
