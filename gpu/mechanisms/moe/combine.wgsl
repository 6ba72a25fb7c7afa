// What a token's experts made of it, weighted and added up in the order of its choices: the same sum in every run.
//
//   out[t] = Σ_slot routing_weights[t, slot] · made[t · top_k + slot]
//
//   made [tokens · top_k, width]   routing_weights [tokens, top_k]   out [tokens, width]
//   grid: (ceil(tokens · width / LANES)); an invocation has an element of out
//
// Source: huggingface/transformers' JambaSparseMoeBlock, which adds experts up in their own order.

const LANES: u32 = 64u; // elements per workgroup  @tune 32 64 128

struct Params {
  tokens: u32, // tokens of this run
  width: u32, // channels of a token
  top_k: u32, // choices of a token
}

@group(0) @binding(0) var<storage, read> made: array<f32>; // [tokens · top_k, width]
@group(0) @binding(1) var<storage, read> routing_weights: array<f32>; // [tokens, top_k]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [tokens, width]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let token = id.x / params.width;
  let channel = id.x % params.width;
  if (token >= params.tokens) { return; }
  var sum = 0.0;
  for (var choice = token * params.top_k; choice < (token + 1u) * params.top_k; choice++) {
    //: add-expert
    sum = fma(routing_weights[choice], made[choice * params.width + channel], sum);
  }
  out[id.x] = sum;
}
