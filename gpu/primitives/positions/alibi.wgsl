// Attention with linear biases: what every head adds to the scaled score of a key, whatever the query.
//
//   COUNTED (BLOOM):   bias[h, j] = slope[h] · (keys to be seen up to j, less 1), and 0 for a hidden key
//   otherwise (MPT):   bias[h, j] = slope[h] · (j − (keys − 1))
//
//   slope_values [heads]   attention_mask [batch, keys] i32, 1 = to be seen   slopes [heads]   bias [batch, heads, keys] f32
//   grid : (heads, batch); lane i of LANES owns the keys i · share … (i + 1) · share − 1
//
// Source: Press, Smith and Lewis 2022 (arXiv:2108.12409), section 3; the two forms are those of the models named.

const LANES: u32 = 64u; // lanes that share a row of keys  @tune 16 32 64 128
const COUNTED: bool = true; // keys are counted along the mask  @flag

struct Params {
  keys: u32, // of a sequence
}

@group(0) @binding(0) var<storage, read> slope_values: array<f32>; // [heads]
@group(0) @binding(1) var<storage, read> attention_mask: array<i32>; // [batch, keys]
@group(0) @binding(2) var<storage, read_write> slopes: array<f32>; // [heads]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>; // [batch, heads, keys]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> counts: array<i32, LANES>; // keys to be seen in each lane's share

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let head = group.x;
  let keys = params.keys;
  let share = (keys + LANES - 1u) / LANES;
  let from0 = min(lane * share, keys);
  let to = min(from0 + share, keys);
  if (COUNTED) {
    //: count-keys
    var seen = 0;
    for (var key = from0; key < to; key++) { seen += attention_mask[group.y * keys + key]; }
    counts[lane] = seen;
  }
  workgroupBarrier();

  //: bias-keys
  let slope = slope_values[head];
  if (lane == 0u && group.y == 0u) { slopes[head] = slope; }
  var before = -1; // keys to be seen before this one, less 1
  if (COUNTED) {
    for (var other = 0u; other < lane; other++) { before += counts[other]; }
  }
  for (var key = from0; key < to; key++) {
    var distance = f32(key) - f32(keys - 1u);
    if (COUNTED) {
      let mask = attention_mask[group.y * keys + key];
      before += mask;
      distance = f32(before * mask);
    }
    bias[(group.y * groups.x + head) * keys + key] = slope * distance;
  }
}
