// The attention graph: softmax of every row of scores. Row i says how token i shares its vote among all tokens.
//
//   A[i, j] = mask[j] exp(score[i, j] / τ) / Σ_j' mask[j'] exp(score[i, j'] / τ)
//
// A small temperature τ sharpens. A hidden key gets nothing and the others share what it would have had; a row that sees no key is 0.
//
//   attention_score, attention [batch, heads, TOKENS, TOKENS]   token_mask [batch, TOKENS]   row-major
//   grid: (TOKENS, heads, batch); one workgroup per row, lanes share its keys
//
// Source: Wang et al. 2024 (arXiv:2305.17328), section 3; masks as in the authors' Attention.get_importance.

const LANES: u32 = 32u; // invocations per row  @tune 16 32 64
const TOKENS: u32 = 16u; // tokens of a sequence  @shape
const HAS_MASK: bool = false; // some keys may be hidden  @flag
const NEG: f32 = -1e30; // stands for −∞, which WGSL does not promise

struct Params {
  heads: u32, // heads
  temperature: f32, // τ
}

@group(0) @binding(0) var<storage, read> attention_score: array<f32>; // [batch, heads, TOKENS, TOKENS]
@group(0) @binding(1) var<storage, read> token_mask: array<i32>; // [batch, TOKENS], 0 hides a key; or one unused word
@group(0) @binding(2) var<storage, read_write> attention: array<f32>; // A [batch, heads, TOKENS, TOKENS]
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> row: array<f32, TOKENS>; // this row's scores, then their exponentials
var<workgroup> found: array<f32, LANES>; // of each lane's keys: the largest score, then the sum of the exponentials

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  let voter = place.x;
  let head = place.y;
  let batch = place.z;
  let start = ((batch * params.heads + head) * TOKENS + voter) * TOKENS;
  //: load-row
  var largest = NEG;
  for (var token = lane; token < TOKENS; token += LANES) {
    var score = attention_score[start + token];
    if (HAS_MASK) {
      if (token_mask[batch * TOKENS + token] == 0) { score = NEG; }
    }
    row[token] = score;
    largest = max(largest, score);
  }
  found[lane] = largest;
  workgroupBarrier();

  //: exponentials
  for (var other = 0u; other < LANES; other++) {
    largest = max(largest, found[other]);
  }
  // The sums take the place of the maxima: every lane must have read them.
  workgroupBarrier();
  var sum = 0.0;
  for (var token = lane; token < TOKENS; token += LANES) {
    let score = row[token];
    var power = 0.0;
    if (score > NEG) { power = exp((score - largest) / params.temperature); }
    row[token] = power;
    sum += power;
  }
  found[lane] = sum;
  workgroupBarrier();

  //: share-vote
  var total = 0.0;
  for (var other = 0u; other < LANES; other++) {
    total += found[other];
  }
  for (var token = lane; token < TOKENS; token += LANES) {
    var weight = row[token];
    if (total > 0.0) { weight /= total; }
    attention[start + token] = weight;
    //: record weight at batch head voter token
  }
}
