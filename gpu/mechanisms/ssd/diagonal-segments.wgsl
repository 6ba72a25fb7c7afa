// SSD, step 1, with decays that were summed directly: as diagonal.wgsl, but the log decay of every pair is read, not subtracted.
//
//   Y[l] = Σ_{s ≤ l} (C_l · B_s) exp(a_{s+1} + … + a_l) Δ_s X_s     l, s in the same chunk
//
//   x, y [batch, seqlen, heads, P]   B, C [batch, seqlen, groups, N]   delta [batch, heads, seqlen]
//   segments [batch, heads, seqlen, chunk]   row-major f32
//   grid: (chunks · row tiles of a chunk, heads, batch)
//
// Source: Dao and Gu 2024 (arXiv:2405.21060), listing 1, step 1, with segsum.

const ROWS: u32 = 8u; // outputs per workgroup  @tune 4 8 16
const COLS: u32 = 32u; // tokens s per tile  @tune 16 32 64
const LANES: u32 = 64u; // invocations per workgroup  @tune 32 64 128
const P: u32 = 16u; // channels of a head  @shape
const N: u32 = 16u; // states per channel  @shape
const HAS_DELTA: bool = true; // multiply by Δ_s; else X is already scaled  @flag
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
@group(0) @binding(4) var<storage, read> segments: array<f32>; // Σ a over s+1 … l [batch, heads, seqlen, chunk]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [batch, seqlen, heads, P]
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> scores: array<f32, ROWS * COLS>; // (C_l · B_s) · decay · Δ_s of one tile, 0 above the diagonal

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
  for (var col0 = first; col0 < col_end; col0 += COLS) {
    //: score-tile
    //: probe head row0 col0
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
        score *= exp(segments[(scalar_row + l) * params.chunk + s - first]);
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
        for (var s = col0; s < min(col0 + COLS, l + 1u); s++) {
          sums[o] += scores[element / P * COLS + s - col0] * x[((token0 + s) * params.heads + head) * P + element % P];
        }
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
