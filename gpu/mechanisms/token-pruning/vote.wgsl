// Weighted page rank over the attention graph of one head: in every round each token gives its whole score away, to each token as much as
// it attends to it.
//
//   s⁰ = 1/N     sᵗ⁺¹[i] = (1 − d) Σ_j A[j, i] sᵗ[j] + d/N     iterations times
//
//   attention [batch, heads, TOKENS, TOKENS], rows sum to 1   votes [batch, heads, TOKENS]   row-major f32; N = TOKENS
//   grid: (heads, batch); one workgroup per graph, lanes share the tokens that are voted for
//
// Scores stay on chip from the first round to the last; the graph is read once a round.
// Source: Wang et al. 2024 (arXiv:2305.17328), algorithm 1; damping as in the authors' Attention.get_importance.

const LANES: u32 = 64u; // invocations per graph  @tune 32 64 128
const TOKENS: u32 = 16u; // tokens of a sequence  @shape
const CLS_AHEAD: bool = false; // token 0 starts √N times as high as the others; else all start alike  @flag
const SPAN: u32 = 16u; // votes that are summed before they join the sum: rounding grows with the terms of a sum

struct Params {
  heads: u32, // heads
  iterations: u32, // rounds of voting
  damping: f32, // d: share of the score that is given to all alike
}

@group(0) @binding(0) var<storage, read> attention: array<f32>; // A [batch, heads, TOKENS, TOKENS]
@group(0) @binding(1) var<storage, read_write> votes: array<f32>; // s of the last round [batch, heads, TOKENS]
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> s: array<f32, 2u * TOKENS>; // scores of this round and of the one before, taking turns

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = place.x;
  let batch = place.y;
  let graph = batch * params.heads + head;
  //: start
  var ahead = 1.0; // s⁰ of token 0 beside that of the others
  if (CLS_AHEAD) { ahead = sqrt(f32(TOKENS)); }
  for (var token = lane; token < TOKENS; token += LANES) {
    let round = 0u;
    var score = 1.0 / (f32(TOKENS - 1u) + ahead);
    if (token == 0u) { score *= ahead; }
    s[token] = score;
    //: record score at batch head round token
  }
  workgroupBarrier();

  for (var round = 1u; round <= params.iterations; round++) {
    //: vote
    let before = (round - 1u) % 2u * TOKENS;
    for (var token = lane; token < TOKENS; token += LANES) {
      var sum = 0.0;
      for (var from0 = 0u; from0 < TOKENS; from0 += SPAN) {
        var part = 0.0;
        for (var voter = from0; voter < min(from0 + SPAN, TOKENS); voter++) {
          part += attention[(graph * TOKENS + voter) * TOKENS + token] * s[before + voter];
        }
        sum += part;
      }
      let score = (1.0 - params.damping) * sum + params.damping / f32(TOKENS);
      s[round % 2u * TOKENS + token] = score;
      if (round == params.iterations) { votes[graph * TOKENS + token] = score; }
      //: record score at batch head round token
    }
    workgroupBarrier();
  }
}
