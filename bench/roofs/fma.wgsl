// How fast this adapter multiplies and adds: eight independent chains, sixteen steps deep, on values no compiler knows.
//
//   x : [8] factors   out : [lanes]   grid : 256 workgroups of 64 lanes; 2 · 8 · 16 · rounds operations per lane

struct Params {
  rounds: u32, // turns of the loop
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [8]
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [lanes]
@group(0) @binding(2) var<uniform> params: Params;

alias Eight = array<vec4<f32>, 2>;

fn step4(a: vec4<f32>, m: vec4<f32>, k: vec4<f32>) -> vec4<f32> {
  let b = fma(a, m, k);
  let c = fma(b, k, m);
  let d = fma(c, m, b);
  let e = fma(d, k, c);
  let f = fma(e, m, d);
  let g = fma(f, k, e);
  let h = fma(g, m, f);
  return fma(h, k, g);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let m = vec4<f32>(x[0], x[1], x[2], x[3]);
  let k = vec4<f32>(x[4], x[5], x[6], x[7]);
  var a = vec4<f32>(f32(id.x) * 1e-6);
  var b = a + m;
  for (var round = 0u; round < params.rounds; round++) {
    a = step4(step4(a, m, k), k, m);
    b = step4(step4(b, k, m), m, k);
  }
  out[id.x] = dot(a, b);
}
