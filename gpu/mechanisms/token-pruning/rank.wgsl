// One importance per token out of all heads' scores, and the tokens' order by it. CLS, token 0, is not ranked: it always stays.
//
//   importance[i] = √(1/heads Σ_h s_h[i + 1]²)     a head that is sure counts for more than in a mean
//   rank[i] = how many tokens come before i: more important, or as important with a lower index
//
//   votes [batch, heads, TOKENS]   importance, order, next_mask [batch, TOKENS − 1]   row-major
//   grid: (batch); one workgroup per sequence, lanes share the tokens
//
// Source: Wang et al. 2024 (arXiv:2305.17328), emphasising informative region; keep mask as in the authors' Attention.forward.

const LANES: u32 = 64u; // invocations per sequence  @tune 32 64 128
const TOKENS: u32 = 16u; // tokens of a sequence  @shape
const PRUNES: bool = false; // write which tokens the next block keeps  @flag
const RANKED: u32 = TOKENS - 1u; // all but CLS

struct Params {
  heads: u32, // heads
  kept: u32, // tokens that stay beside CLS
}

@group(0) @binding(0) var<storage, read> votes: array<f32>; // s of the last round [batch, heads, TOKENS]
@group(0) @binding(1) var<storage, read_write> importance: array<f32>; // [batch, RANKED]
@group(0) @binding(2) var<storage, read_write> order: array<i32>; // [batch, RANKED]: indices into importance, most important first
@group(0) @binding(3) var<storage, read_write> next_mask: array<i32>; // [batch, RANKED]: 1 = kept; or one unused word
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> known: array<f32, RANKED>; // importance of every token of the sequence

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  let batch = place.x;
  let first = batch * RANKED;
  //: emphasise
  for (var i = lane; i < RANKED; i += LANES) {
    let token = i + 1u;
    var squares = 0.0;
    for (var head = 0u; head < params.heads; head++) {
      let score = votes[(batch * params.heads + head) * TOKENS + token];
      squares += score * score;
    }
    let value = sqrt(squares / f32(params.heads));
    known[i] = value;
    importance[first + i] = value;
    //: record value at batch token
  }
  workgroupBarrier();

  //: rank
  for (var i = lane; i < RANKED; i += LANES) {
    let token = i + 1u;
    let own = known[i];
    var rank = 0u;
    for (var other = 0u; other < RANKED; other++) {
      let theirs = known[other];
      if (theirs > own || (theirs == own && other < i)) { rank++; }
    }
    order[first + rank] = i32(i);
    //: record rank at batch token
    if (PRUNES) {
      let kept = i32(rank < params.kept);
      next_mask[first + i] = kept;
      //: record kept at batch token
    }
  }
}
