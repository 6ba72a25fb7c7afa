// The router of a mixture of experts: every token's share for each expert, and the few experts that it goes to.
//
//   logit[e] = h · router_weight[e]        p = softmax over ALL experts        the TOP_K largest are chosen, of equals the lower index
//   weight of a chosen expert: its p; where RENORMALISE, divided by the sum over the chosen ones
//
//   hidden_states [tokens, WIDTH]   router_weight [EXPERTS, WIDTH]   router_logits [tokens, EXPERTS]
//   selected_experts, routing_weights [tokens, TOP_K], largest first
//   grid: (tokens); one workgroup per token, lanes share its experts
//
// Source: Lieber et al. 2024 (arXiv:2403.19887) with huggingface/transformers' JambaSparseMoeBlock, which does not renormalise; Jiang et
// al. 2024 (arXiv:2401.04088), which does.

const LANES: u32 = 32u; // invocations per token  @tune 16 32 64
const WIDTH: u32 = 16u; // channels of a token  @shape
const EXPERTS: u32 = 4u; // experts  @shape
const TOP_K: u32 = 2u; // experts that a token goes to  @shape
const RENORMALISE: bool = false; // weights of the chosen add up to 1  @flag

struct Params {
  tokens: u32, // tokens of this run
}

@group(0) @binding(0) var<storage, read> hidden_states: array<f32>; // [tokens, WIDTH]
@group(0) @binding(1) var<storage, read> router_weight: array<f32>; // [EXPERTS, WIDTH]
@group(0) @binding(2) var<storage, read_write> router_logits: array<f32>; // [tokens, EXPERTS]
@group(0) @binding(3) var<storage, read_write> selected_experts: array<i32>; // [tokens, TOP_K]
@group(0) @binding(4) var<storage, read_write> routing_weights: array<f32>; // [tokens, TOP_K]
@group(0) @binding(5) var<uniform> params: Params;

var<workgroup> hidden_states_step: array<f32, WIDTH>; // this token
var<workgroup> router_logits_step: array<f32, EXPERTS>; // its logits
var<workgroup> picked: array<u32, TOP_K>; // the experts chosen for it
var<workgroup> shares: array<f32, TOP_K>; // their p

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let token = group.x;
  if (token >= params.tokens) { return; }
  //: load-token
  for (var i = lane; i < WIDTH; i += LANES) { hidden_states_step[i] = hidden_states[token * WIDTH + i]; }
  workgroupBarrier();

  //: score-experts
  for (var expert = lane; expert < EXPERTS; expert += LANES) {
    var logit = 0.0;
    for (var i = 0u; i < WIDTH; i++) { logit = fma(hidden_states_step[i], router_weight[expert * WIDTH + i], logit); }
    router_logits_step[expert] = logit;
    router_logits[token * EXPERTS + expert] = logit;
  }
  workgroupBarrier();

  //: choose
  for (var expert = lane; expert < EXPERTS; expert += LANES) {
    let own = router_logits_step[expert];
    var rank = 0u; // experts with a larger logit, or as large a one and a lower index
    var sum = 0.0; // of exp(logit − own) over all: 1 / p. Beyond e⁸⁰ it is as good as infinite
    for (var other = 0u; other < EXPERTS; other++) {
      let theirs = router_logits_step[other];
      if (theirs > own || (theirs == own && other < expert)) { rank++; }
      sum += exp(min(theirs - own, 80.0));
    }
    let probability = 1.0 / sum;
    //: record probability at token expert
    if (rank < TOP_K) {
      picked[rank] = expert;
      shares[rank] = probability;
    }
  }
  workgroupBarrier();

  //: weigh
  for (var slot = lane; slot < TOP_K; slot += LANES) {
    let expert = picked[slot];
    var weight = shares[slot];
    if (RENORMALISE) {
      var sum = 0.0;
      for (var other = 0u; other < TOP_K; other++) { sum += shares[other]; }
      weight /= sum;
    }
    selected_experts[token * TOP_K + slot] = i32(expert);
    routing_weights[token * TOP_K + slot] = weight;
    //: record weight at token expert
  }
}
