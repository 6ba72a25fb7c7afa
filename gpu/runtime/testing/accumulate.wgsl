// total += y, element by element: running it twice gives another result.
//   y, total : [n]   grid : ceil(n / 64) workgroups

struct Params {
  n: u32,
}

@group(0) @binding(0) var<storage, read> y: array<f32>; // [n]
@group(0) @binding(1) var<storage, read_write> total: array<f32>; // [n]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  //: accumulate
  if (id.x < params.n) {
    total[id.x] += y[id.x];
  }
}
