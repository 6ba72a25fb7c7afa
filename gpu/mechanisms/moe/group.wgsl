// Brings together what goes to one expert: a place in a list for every choice (token, slot), sorted by expert and then as they come.
//
//   offsets[e] = choices of lower experts; those of expert e stand in the list from there up to offsets[e + 1]
//   permutation[place] = token · top_k + slot
//
//   selected_experts [tokens, top_k] i32   offsets [experts + 1]   permutation [tokens · top_k] u32
//   grid: (experts); one workgroup per expert, which counts for itself: none waits for another, and every run gives the same list
//
// Source: counting sort, as MegaBlocks groups tokens (Gale et al. 2022, arXiv:2211.15841, section 5).

const LANES: u32 = 32u; // invocations per expert; each has a stretch of the choices  @tune 16 32 64

struct Params {
  tokens: u32, // tokens of this run
  experts: u32, // experts
  top_k: u32, // experts that a token goes to
}

@group(0) @binding(0) var<storage, read> selected_experts: array<i32>; // [tokens, top_k]
@group(0) @binding(1) var<storage, read_write> offsets: array<u32>; // [experts + 1]
@group(0) @binding(2) var<storage, read_write> permutation: array<u32>; // [tokens · top_k]
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> found: array<vec2<u32>, LANES>; // choices of lower experts in each lane's stretch, and of this one

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let expert = group.x;
  let choices = params.tokens * params.top_k;
  let stretch = (choices + LANES - 1u) / LANES;
  let from0 = min(lane * stretch, choices);
  let to = min(from0 + stretch, choices);
  //: count-tokens
  var seen = vec2<u32>();
  for (var choice = from0; choice < to; choice++) {
    let chosen = u32(selected_experts[choice]);
    if (chosen < expert) { seen.x++; }
    if (chosen == expert) { seen.y++; }
  }
  found[lane] = seen;
  workgroupBarrier();

  //: place-tokens
  var start = 0u; // where this expert's choices begin
  var ahead = 0u; // how many of them are in stretches before this lane's
  var tokens = 0u; // how many there are: a token chooses an expert once
  for (var other = 0u; other < LANES; other++) {
    let there = found[other];
    start += there.x;
    if (other < lane) { ahead += there.y; }
    tokens += there.y;
  }
  if (lane == 0u) {
    //: record tokens at expert
    offsets[expert] = start;
    if (expert + 1u == params.experts) { offsets[params.experts] = choices; }
  }
  var place = start + ahead;
  for (var choice = from0; choice < to; choice++) {
    if (u32(selected_experts[choice]) == expert) {
      permutation[place] = choice;
      place++;
    }
  }
}
