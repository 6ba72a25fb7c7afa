// One time step of four states of a channel: a · h + b.
fn advance(h: vec4f, a: vec4f, b: vec4f, step: f32, signal: f32) -> vec4f {
  let x = step * a;
  if (ZOH) {
    return decay(x) * h + hold(x) * (step * signal) * b;
  }
  return decay(x) * h + (step * signal) * b;
}
// Four consecutive states of A, from state 4 · quad on.
fn rates(channel: u32, quad: u32) -> vec4f {
  var row = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    row[i] = weights[channel * N + 4u * quad + i];
  }
  return row;
}
// Four consecutive states of B or C: `at` is the first, `stride` the distance between states.
fn gather(at: u32, stride: u32, quad: u32) -> vec4f {
  var row = vec4f();
  for (var i = 0u; i < 4u && 4u * quad + i < N; i++) {
    row[i] = bc[at + (4u * quad + i) * stride];
  }
  return row;
}
