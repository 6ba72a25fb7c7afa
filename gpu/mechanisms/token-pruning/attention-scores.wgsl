// Who looks at whom, before the softmax: every query times every key.
//
//   score[i, j] = Σ_c q[i, c] k[j, c] / √D
//
//   qkv [batch, tokens, 3, heads, D]   attention_score [batch, heads, tokens, tokens], rows are queries   row-major f32
//   grid: (tokens, heads, batch); one workgroup per query, lanes share the keys
//
// Source: Vaswani et al. 2017 (arXiv:1706.03762), equation 1.

const LANES: u32 = 32u; // invocations per query  @tune 16 32 64
const D: u32 = 8u; // channels of a head  @shape

struct Params {
  heads: u32, // heads
  tokens: u32, // tokens of a sequence
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>; // [batch, tokens, 3, heads, D]
@group(0) @binding(1) var<storage, read_write> attention_score: array<f32>; // [batch, heads, tokens, tokens]
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
  let voter = place.x;
  let head = place.y;
  let batch = place.z;
  let channels = params.heads * D; // of q; k follows, then v
  let first = batch * params.tokens * 3u * channels + head * D; // q of token 0
  let row = ((batch * params.heads + head) * params.tokens + voter) * params.tokens;
  for (var token = lane; token < params.tokens; token += LANES) {
    //: score
    let query = first + voter * 3u * channels;
    let key = first + token * 3u * channels + channels;
    var product = 0.0;
    for (var c = 0u; c < D; c++) {
      product += qkv[query + c] * qkv[key + c];
    }
    attention_score[row + token] = product / sqrt(f32(D));
  }
}
