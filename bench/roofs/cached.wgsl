// How fast this adapter reads storage that its cache holds: every lane reads the same few vec4s, in another order.
//
//   x : [1024] vec4s   out : [lanes]   grid : 256 workgroups of 64 lanes; 8 · rounds vec4s per lane

struct Params {
  rounds: u32, // turns of the loop
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>; // [1024]
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [lanes]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec4<f32>();
  for (var round = 0u; round < params.rounds; round++) {
    let at = (id.x + 8u * round) & 1016u;
    sum += x[at] + x[at + 1u] + x[at + 2u] + x[at + 3u] + x[at + 4u] + x[at + 5u] + x[at + 6u] + x[at + 7u];
  }
  out[id.x] = dot(sum, vec4<f32>(1.0));
}
