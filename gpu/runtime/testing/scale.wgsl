// y = factor · x, element by element; a small kernel for the engine's own tests.
//   x, y : [n]   grid : ceil(n / LANES) workgroups

const LANES: u32 = 64u; // invocations per workgroup   @tune 32 64
const SKIP: bool = false; // leave the last element unwritten   @flag

struct Params {
  n: u32,
  factor: f32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [n]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [n]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  //: scale
  let i = id.x;
  if (i >= params.n || (SKIP && i == params.n - 1u)) {
    return;
  }
  y[i] = params.factor * x[i];
}
