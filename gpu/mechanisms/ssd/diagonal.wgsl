// SSD, step 1: what a chunk's own tokens give to its outputs. Attention without softmax under a decaying causal mask:
//
//   Y[l] = Σ_{s ≤ l} (C_l · B_s) exp(a_{s+1} + … + a_l) Δ_s X_s     l, s in the same chunk
//
// With one chunk as long as the sequence this is the whole quadratic form. Tiles are taken from the diagonal back, so that the log
// decay of a row grows by one a per column: a sum of terms of one sign is as exact, beside itself, as they are. The difference of
// two running sums cs_l − cs_s (DIFFERENCES) is only as exact as those, and they grow with the chunk. Above the diagonal it is
// positive and its exp would overflow: the mask comes first.
//
//   x, y [batch, seqlen, heads, P]   B, C [batch, seqlen, groups, N]   delta, decays [batch, heads, seqlen]   row-major f32
//   grid: (chunks · row tiles of a chunk, heads, batch)
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1, step 1, and section 3 for the quadratic form.

const ROWS: u32 = 8u; // outputs per workgroup  @tune 4 8 16
const COLS: u32 = 32u; // tokens s per tile  @tune 16 32 64
const LANES: u32 = 64u; // invocations per workgroup  @tune 32 64 128
const P: u32 = 16u; // channels of a head  @shape
const N: u32 = 16u; // states per channel  @shape
const HAS_DELTA: bool = true; // multiply by Δ_s; else X is already scaled  @flag
const DIFFERENCES: bool = false; // trap: decays are differences of running sums  @flag
const OUTPUTS: u32 = (ROWS * P + LANES - 1u) / LANES; // elements of y per invocation

struct Params {
  seqlen: u32, // time steps
  heads: u32, // heads
  groups: u32, // groups of heads that share B and C
  chunk: u32, // time steps of a chunk
  row_tiles: u32, // ceil(chunk / ROWS)
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(1) var<storage, read> b: array<f32>; // B [batch, seqlen, groups, N]
@group(0) @binding(2) var<storage, read> c: array<f32>; // C [batch, seqlen, groups, N]
@group(0) @binding(3) var<storage, read> delta: array<f32>; // Δ [batch, heads, seqlen]
@group(0) @binding(4) var<storage, read> decays: array<f32>; // a, or with DIFFERENCES its running sums cs [batch, heads, seqlen]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> scores: array<f32, ROWS * COLS>; // of one tile: log decays, then (C_l · B_s) · decay · Δ_s, 0 above the diagonal

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let chunk = grid.x / params.row_tiles;
  let first = chunk * params.chunk;
  let end = min(first + params.chunk, params.seqlen);
  let row0 = first + grid.x % params.row_tiles * ROWS;
  let row_end = min(row0 + ROWS, end);
  let col_end = select(first, row_end, row0 < end); // a short last chunk leaves row tiles without rows
  let head = grid.y;
  let group = head * params.groups / params.heads;
  let token0 = grid.z * params.seqlen; // first token of this sequence
  let scalar_row = (grid.z * params.heads + head) * params.seqlen;
  var sums: array<f32, OUTPUTS>; // this invocation's elements of y
  let own = row0 + lane; // the first lanes sum the log decays of a row each
  var segment = 0.0; // log decay from the column reached to `own`
  for (var tile = (col_end - first + COLS - 1u) / COLS; tile > 0u; tile--) {
    let col0 = first + (tile - 1u) * COLS;
    //: sum-segments
    if (lane < ROWS && own < row_end) {
      for (var next = min(col0 + COLS, own + 1u); next > col0; next--) {
        let s = next - 1u;
        if (DIFFERENCES) {
          segment = decays[scalar_row + own] - decays[scalar_row + s];
        } else if (s < own) {
          segment += decays[scalar_row + next];
        }
        scores[lane * COLS + s - col0] = segment;
        if (next == own) {
          //: record segment at batch=grid.z head time=own
        }
      }
    }
    workgroupBarrier();
    //: score-tile
    //: record at batch=grid.z head row=row0 key=col0
    for (var i = lane; i < ROWS * COLS; i += LANES) {
      let l = row0 + i / COLS;
      let s = col0 + i % COLS;
      var score = 0.0;
      if (l < row_end && s <= l) {
        let c_row = ((token0 + l) * params.groups + group) * N;
        let b_row = ((token0 + s) * params.groups + group) * N;
        for (var n = 0u; n < N; n++) {
          score += c[c_row + n] * b[b_row + n];
        }
        score *= decay(scores[i]);
        if (HAS_DELTA) {
          score *= delta[scalar_row + s];
        }
        //: count pair
      }
      scores[i] = score;
    }
    workgroupBarrier();
    //: apply-scores
    for (var o = 0u; o < OUTPUTS; o++) {
      let element = o * LANES + lane;
      let l = row0 + element / P;
      if (element < ROWS * P && l < row_end) {
        var part = 0.0; // of one tile: rounding grows with the number of terms of a sum, so short sums come first
        for (var s = col0; s < min(col0 + COLS, l + 1u); s++) {
          part += scores[element / P * COLS + s - col0] * x[((token0 + s) * params.heads + head) * P + element % P];
        }
        sums[o] += part;
      }
    }
    workgroupBarrier();
  }
  //: write-diagonal
  for (var o = 0u; o < OUTPUTS; o++) {
    let element = o * LANES + lane;
    let l = row0 + element / P;
    if (element < ROWS * P && l < row_end) {
      y[((token0 + l) * params.heads + head) * P + element % P] = sums[o];
    }
  }
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
