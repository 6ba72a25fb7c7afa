// How fast this adapter copies storage that no cache holds: every lane reads and writes one vec4 per turn, neighbours side by side.
//
//   x, out : [count] vec4s   grid : enough workgroups of 64 lanes for every vec4 once

struct Params {
  rounds: u32, // vec4s per lane, a whole grid apart
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>; // [count]
@group(0) @binding(1) var<storage, read_write> out: array<vec4<f32>>; // [count]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var round = 0u; round < params.rounds; round++) {
    let at = round * groups.x * 64u + id.x;
    out[at] = x[at];
  }
}
