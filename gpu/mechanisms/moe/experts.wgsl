// One linear map of every expert, over the tokens that go to it: its weights come on chip once, then all its tokens pass by them.
//
//   up (GATED):  y[place] = silu(gate[e] x) · (weight[e] x)     x = the token of that place; places are sorted by expert
//   down:        y[choice] = weight[e] x[place]                 choice = token · top_k + slot: no two experts write one row
//
//   x [rows, WIDTH]   weight, gate [experts, outputs, WIDTH]   offsets [experts + 1]   permutation [places]   y [rows, outputs]
//   grid: (ceil(outputs / TILE), experts); TILE × ROWS invocations, lane (i, r) has output i of the r-th row of a block
//
// An expert that no token goes to reads nothing. Source: SwiGLU experts as in huggingface/transformers' JambaMLP.

const TILE: u32 = 8u; // outputs of a workgroup  @tune 4 8 16
const ROWS: u32 = 8u; // tokens that pass by at a time  @tune 4 8 16
const WIDTH: u32 = 16u; // inputs of an output  @shape
const GATED: bool = true; // up, with a gate; else down  @flag
const MAPS: u32 = 2u; // 2 where gated, else 1  @shape

struct Params {
  outputs: u32, // of an expert
  top_k: u32, // choices of a token
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // tokens [tokens, WIDTH], or what up made [places, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [experts, outputs, WIDTH]
@group(0) @binding(2) var<storage, read> gate: array<f32>; // [experts, outputs, WIDTH], or one unused word
@group(0) @binding(3) var<storage, read> offsets: array<u32>; // first place of every expert [experts + 1]
@group(0) @binding(4) var<storage, read> permutation: array<u32>; // choice of every place [places]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [places, outputs], or [tokens · top_k, outputs]
@group(0) @binding(6) var<uniform> params: Params;

// This workgroup's weights [MAPS, TILE, WIDTH], the gate's last, and then the rows of the block [ROWS, WIDTH].
var<workgroup> held: array<f32, (MAPS * TILE + ROWS) * WIDTH>;

@compute @workgroup_size(TILE, ROWS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) lane: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let expert = group.y;
  let first = offsets[expert];
  let end = offsets[expert + 1u];
  if (first == end) { return; }
  let output = group.x * TILE + lane.x;
  let own_row = (MAPS * TILE + lane.y) * WIDTH; // where this lane's row is held

  //: load-expert
  for (var i = index; i < TILE * WIDTH; i += TILE * ROWS) {
    let row = group.x * TILE + i / WIDTH;
    if (row < params.outputs) {
      let at = (expert * params.outputs + row) * WIDTH + i % WIDTH;
      held[i] = weight[at];
      if (GATED) { held[TILE * WIDTH + i] = gate[at]; }
    }
  }
  for (var place0 = first; place0 < end; place0 += ROWS) {
    //: gather-rows
    let place = place0 + lane.y;
    var choice = 0u;
    if (place < end) {
      choice = permutation[place];
      let source = select(place, choice / params.top_k, GATED);
      for (var i = lane.x; i < WIDTH; i += TILE) { held[own_row + i] = x[source * WIDTH + i]; }
    }
    workgroupBarrier();

    //: multiply
    if (place < end && output < params.outputs) {
      var mapped = 0.0;
      var gated = 0.0;
      for (var i = 0u; i < WIDTH; i++) {
        let element = held[own_row + i];
        mapped = fma(held[lane.x * WIDTH + i], element, mapped);
        if (GATED) { gated = fma(held[(TILE + lane.x) * WIDTH + i], element, gated); }
      }
      if (GATED) {
        // Beyond e⁸⁰ nothing is left of silu.
        y[place * params.outputs + output] = mapped * gated / (1.0 + exp(min(-gated, 80.0)));
      } else {
        y[choice * params.outputs + output] = mapped;
      }
    }
    // The next block takes the place of this one: every lane must be done with it.
    workgroupBarrier();
  }
}
