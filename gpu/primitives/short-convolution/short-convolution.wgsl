// Short causal convolution of rows of tokens: every channel has a filter of its own over its last W rows.
//
//   out[row, c] = act(bias[c] + Σ_s weight[s, c] · x[row − s, c])     rows before this run: past; before the start of the text: 0
//
//   x, out [batch, tokens, channels], either a view with strides of its own; row i goes to row out_row + i of out
//   weight [W, channels], tap s for s rows back; or [channels, W] where NEWEST_LAST   past [batch, W − 1, channels], oldest row first
//   grid : (ceil(tokens · channels / LANES), batch); one invocation per output
//
// Source: So et al. 2021 (arXiv:2109.08668), multi-DConv-head attention; Gu and Dao 2023 (arXiv:2312.00752), the filter before the scan.

const LANES: u32 = 64u; // outputs per workgroup  @tune 16 32 64 128
const W: u32 = 4u; // taps of a filter  @shape
const NEWEST_LAST: bool = false; // weight [channels, W]: its last tap is for the present row  @flag
const SILU: bool = true; // act = silu, else none  @flag
const HAS_BIAS: bool = true; // bias  @flag

struct Params {
  channels: u32, // of a row
  tokens: u32, // rows of this run
  position: u32, // tokens of the text before this run
  x_at: u32, // first element of x, and elements from one sequence or row to the next
  x_batch: u32,
  x_token: u32,
  out_at: u32, // the same of out
  out_batch: u32,
  out_token: u32,
  out_row: u32, // row of out that row 0 goes to
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, channels]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [W, channels] or [channels, W]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [channels]
@group(0) @binding(3) var<storage, read> past: array<f32>; // the W − 1 rows before this run [batch, W − 1, channels]
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [batch, rows, channels]
@group(0) @binding(5) var<uniform> params: Params;

// What stands `back` rows before row `row` of this run.
fn row_before(batch: u32, row: u32, back: u32, channel: u32) -> f32 {
  if (back <= row) {
    return x[params.x_at + batch * params.x_batch + (row - back) * params.x_token + channel];
  }
  if (back - row > params.position) { return 0.0; }
  return past[(batch * (W - 1u) + (W - 1u) + row - back) * params.channels + channel];
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let channel = id.x % params.channels;
  let row = id.x / params.channels;
  let batch = id.y;
  if (row >= params.tokens) { return; }
  //: load-bias
  var sum = 0.0;
  if (HAS_BIAS) { sum = bias[channel]; }
  for (var s = 0u; s < W; s++) {
    //: filter
    let tap = select(s * params.channels + channel, channel * W + W - 1u - s, NEWEST_LAST);
    sum = fma(weight[tap], row_before(batch, row, s, channel), sum);
  }
  //: record sum at batch token=row channel
  if (SILU) { sum /= 1.0 + exp(-sum); }
  out[params.out_at + batch * params.out_batch + (params.out_row + row) * params.out_token + channel] = sum;
}
