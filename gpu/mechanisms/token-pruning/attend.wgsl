// The attention output before its projection: every token takes in the values of those it attends to, at temperature 1.
//
//   mixed[i, c] = Σ_j P[i, j] v[j, c]     P[i, j] = mask[j] exp(score[i, j]) / Σ_j' mask[j'] exp(score[i, j'])
//
//   attention_score [batch, heads, tokens, tokens]   token_mask [batch, tokens]   qkv [batch, tokens, 3, heads, D]
//   mixed [batch, tokens, heads, D]   row-major
//   grid: (tokens, heads, batch); one workgroup per token and head, lanes share the channels
//
// The votes may be taken at another temperature, so P is not read from their graph but made once more, in registers.
// Source: Vaswani et al. 2017 (arXiv:1706.03762), equation 1; masks as in the authors' Attention.get_importance.

const LANES: u32 = 16u; // invocations per token and head  @tune 8 16 32
const D: u32 = 8u; // channels of a head  @shape
const HAS_MASK: bool = false; // some keys may be hidden  @flag
const NEG: f32 = -1e30; // stands for −∞, which WGSL does not promise

struct Params {
  heads: u32, // heads
  tokens: u32, // tokens of a sequence
}

@group(0) @binding(0) var<storage, read> attention_score: array<f32>; // [batch, heads, tokens, tokens]
@group(0) @binding(1) var<storage, read> token_mask: array<i32>; // [batch, tokens], 0 hides a key; or one unused word
@group(0) @binding(2) var<storage, read> qkv: array<f32>; // [batch, tokens, 3, heads, D]
@group(0) @binding(3) var<storage, read_write> mixed: array<f32>; // [batch, tokens, heads, D]
@group(0) @binding(4) var<uniform> params: Params;

// Score of a key; NEG where it is hidden.
fn visible_score(batch: u32, row: u32, key: u32) -> f32 {
  let score = attention_score[row + key];
  if (HAS_MASK) {
    if (token_mask[batch * params.tokens + key] == 0) { return NEG; }
  }
  return score;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = place.x;
  let head = place.y;
  let batch = place.z;
  let row = ((batch * params.heads + head) * params.tokens + query) * params.tokens;
  for (var c = lane; c < D; c += LANES) {
    //: mix
    var largest = NEG;
    for (var key = 0u; key < params.tokens; key++) {
      largest = max(largest, visible_score(batch, row, key));
    }
    var total = 0.0;
    var sum = 0.0;
    for (var key = 0u; key < params.tokens; key++) {
      let score = visible_score(batch, row, key);
      let value = qkv[(((batch * params.tokens + key) * 3u + 2u) * params.heads + head) * D + c];
      if (score > NEG) {
        let power = exp(score - largest);
        total += power;
        sum += power * value;
      }
    }
    if (total > 0.0) { sum /= total; } // a token that sees no key takes in nothing
    mixed[((batch * params.tokens + query) * params.heads + head) * D + c] = sum;
  }
}
