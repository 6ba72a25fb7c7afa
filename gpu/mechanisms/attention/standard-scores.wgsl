// Standard attention, 1 of 3: s = mask(scale · q kᵀ), every score stored in HBM.
//
//   q : [query rows, heads, D]   k : [key rows, kv_heads, D]   s : [one row per (query row, head), row_length]   row-major f32
//   grid : (blocks of BR query rows, heads, sequences); one invocation per query row
//
// An invocation keeps its query row in registers, so that a block reads Q and K once; hidden keys get NEG.
// Source: Dao et al. 2022 (arXiv:2205.14135), Algorithm 0, line 1.

const BR: u32 = 256u; // query rows per block  @tune 64 128 256
const BC: u32 = 4u; // keys per tile  @tune 4 8
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const SPAN: u32 = 8u; // terms of a dot product summed on their own: rounding grows with the terms of a sum
const NEG: f32 = -1e30; // stands for −∞, which WGSL does not promise

struct Params {
  heads: u32, // query heads
  kv_heads: u32, // key heads; heads / kv_heads query heads share one
  nq: u32, // query rows a sequence has room for; 0 when sequences are packed
  nk: u32, // likewise, key rows
  row_length: u32, // scores from one row of s to the next
  window_left: i32, // keys visible before the diagonal; −1 unlimited
  window_right: i32, // keys visible after the diagonal; −1 unlimited, 0 causal
  scale: f32, // factor of the scores
  softcap: f32, // scores become softcap · tanh(score / softcap); 0 off
  lse_head_stride: u32, // from a head's rows of s to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> q: array<f32>; // [query rows, heads, D]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(2) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(3) var<storage, read_write> s: array<f32>; // [rows, row_length]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> extent: vec4<u32>; // this sequence's row of `extents`
var<workgroup> k_tile: array<f32, BC * D>; // [BC, D]
var<workgroup> s_tile: array<f32, BR * BC>; // [BR, BC]: collected here, so that neighbouring lanes store neighbouring words

@compute @workgroup_size(BR)
fn main(@builtin(workgroup_id) block: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let batch = block.z;
  let head = block.y;
  let kv_head = head / (params.heads / params.kv_heads);
  let q0 = block.x * BR; // first query row of the block, within its sequence
  let row = q0 + lane;

  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk); // query start, count; key start, count
  if (VARLEN) {
    if (lane == 0u) { extent = extents[batch]; }
    here = workgroupUniformLoad(&extent);
  }
  let queries = here.y;
  let keys = select(0u, here.w, q0 < here.y);
  let shift = i32(here.w) - i32(queries);
  let s_row = here.x + q0 + head * params.lse_head_stride + batch * params.lse_batch_stride;

  //: load-q
  var q_row: array<f32, D>; // this invocation's query row
  if (row < queries) {
    for (var c = 0u; c < D; c++) {
      q_row[c] = q[((here.x + row) * params.heads + head) * D + c];
    }
  }

  for (var k0 = 0u; k0 < keys; k0 += BC) {
    //: load-k
    let columns = min(BC, keys - k0);
    if (lane == 0u) {
      //: record at batch head row=q0 key=k0
      //: count tiles
    }
    for (var i = lane; i < columns * D; i += BR) {
      k_tile[i] = k[((here.z + k0 + i / D) * params.kv_heads + kv_head) * D + i % D];
    }
    workgroupBarrier();

    //: scores
    for (var key = 0u; key < columns && row < queries; key++) {
      var product = 0.0;
      for (var c0 = 0u; c0 < D; c0 += SPAN) {
        var part = 0.0;
        for (var c = c0; c < min(c0 + SPAN, D); c++) { part += q_row[c] * k_tile[key * D + c]; }
        product += part;
      }
      var value = NEG;
      if (visible(row, k0 + key, shift)) {
        value = score(product);
      }
      s_tile[lane * BC + key] = value;
      //: detail s=value at batch head row key=k0+key
    }
    workgroupBarrier();

    //: store-s
    for (var i = lane; i < BR * BC; i += BR) {
      if (q0 + i / BC < queries && i % BC < columns) {
        s[(s_row + i / BC) * params.row_length + k0 + i % BC] = s_tile[i];
      }
    }
  }
}
// ---- from score.wgsl
// Whether query `row` sees `key`; the diagonal ends in the bottom-right corner: `shift` = keys − queries.
fn visible(row: u32, key: u32, shift: i32) -> bool {
  let distance = i32(key) - i32(row) - shift;
  return (params.window_right < 0 || distance <= params.window_right)
      && (params.window_left < 0 || -distance <= params.window_left);
}
// The product of a query and a key as a score: scaled, then capped where softcap is on.
fn score(product: f32) -> f32 {
  let scaled = product * params.scale;
  if (params.softcap == 0.0) { return scaled; }
  let x = clamp(scaled / params.softcap, -10.0, 10.0); // some devices give NaN far out
  if (abs(x) < 0.5) { return scaled / (1.0 + x * x / (3.0 + x * x / (5.0 + x * x / 7.0))); } // near 0 tanh() loses digits
  return params.softcap * tanh(x);
}
