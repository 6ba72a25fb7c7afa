// How much each row counts: the softmax over a sequence's rows of what a linear map makes of each of them.
//
//   scores[t] = x[t] · weight + bias     weights[t] = exp(scores[t] − m) / Σ exp(scores − m), m the largest score
//
//   x [batch, tokens, width]   weight [width]   bias [1]   scores, weights [batch, tokens]   row-major f32
//   grid : one workgroup of LANES lanes per sequence; lane i owns the rows i, i + LANES, i + 2 LANES …
//
// `tokens` is a number of the run: rows past it are not read. The bias moves no weight, since the softmax takes it off again; it is added
// because the scores are shown. Source: Hassani et al. 2021 (arXiv:2104.05704), equation 2; attention_pool of Compact Transformers.

const LANES: u32 = 64u; // lanes that share a sequence, a power of two  @tune 16 32 64 128
const HAS_BIAS: bool = true; // add the bias  @flag
const_assert (LANES & (LANES - 1u)) == 0u;

struct Params {
  width: u32, // columns of x
  tokens: u32, // rows of this run
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, width]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [width]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [1], or one unused word
@group(0) @binding(3) var<storage, read_write> scores: array<f32>; // [batch, tokens]
@group(0) @binding(4) var<storage, read_write> weights: array<f32>; // [batch, tokens]
@group(0) @binding(5) var<uniform> params: Params;

const LEAST: f32 = -3.4028234e38; // of a lane without rows: below every score
var<workgroup> largest: array<f32, LANES>; // of the scores of each lane
var<workgroup> partial: array<f32, LANES>; // sum over each lane's rows

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = grid.x * params.tokens;

  var own_largest = LEAST;
  for (var t = lane; t < params.tokens; t += LANES) {
    //: score-row
    var score = 0.0;
    for (var c = 0u; c < params.width; c++) {
      score = fma(x[(first + t) * params.width + c], weight[c], score);
    }
    if (HAS_BIAS) { score += bias[0]; }
    scores[first + t] = score;
    own_largest = max(own_largest, score);
  }
  largest[lane] = own_largest;
  workgroupBarrier();
  //: largest-of-lanes
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { largest[lane] = max(largest[lane], largest[lane + half]); }
    workgroupBarrier();
  }
  let m = largest[0];

  //: sum-rows
  var sum = 0.0;
  for (var t = lane; t < params.tokens; t += LANES) {
    sum += exp(scores[first + t] - m);
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let total = partial[0];

  for (var t = lane; t < params.tokens; t += LANES) {
    //: weigh-row
    let share = exp(scores[first + t] - m) / total;
    //: record share at token=t
    weights[first + t] = share;
  }
}
