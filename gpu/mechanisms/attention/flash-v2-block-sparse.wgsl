// Block-sparse FlashAttention-2, forward: tiles whose entries of the block mask are all 0 are skipped, not computed and hidden.
//
//   q, out : [query rows, heads, D]   k, v : [key rows, kv_heads, D]   lse : one per (query row, head)   row-major f32
//   blockmask : [block rows, block columns], shared by all heads and sequences; its blocks need not be the tiles
//   grid   : (query tiles, heads, sequences); one workgroup owns BR query rows, LANES invocations share each of them
//
// Source: Dao et al. 2022 (arXiv:2205.14135), Algorithm 5, in the loop order of Dao 2023 (arXiv:2307.08691), Algorithm 1.

const BR: u32 = 32u; // query rows per tile  @tune 8 16 32 64
const BC: u32 = 16u; // key rows per tile  @tune 8 16 32 64
const BLOCK_ROWS: u32 = 32u; // query rows one mask entry covers  @tune 8 16 32 64
const BLOCK_COLS: u32 = 16u; // keys one mask entry covers  @tune 8 16 32 64
const LANES: u32 = 4u; // invocations per query row  @shape
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const COLUMNS: u32 = (D + LANES - 1u) / LANES; // output columns an invocation owns
const CELL_ROWS: u32 = (BR + BLOCK_ROWS - 2u) / BLOCK_ROWS + 1u; // most mask rows a tile can touch
const CELL_COLS: u32 = (BC + BLOCK_COLS - 2u) / BLOCK_COLS + 1u; // likewise, columns
const SPAN: u32 = 8u; // terms of a dot product summed on their own: rounding grows with the terms of a sum
const NEG: f32 = -1e30; // stands for −∞, which WGSL does not promise

struct Params {
  heads: u32, // query heads
  kv_heads: u32, // key heads; heads / kv_heads query heads share one
  nq: u32, // query rows a sequence has room for; 0 when sequences are packed
  nk: u32, // likewise, key rows
  window_left: i32, // keys visible before the diagonal; −1 unlimited
  window_right: i32, // keys visible after the diagonal; −1 unlimited, 0 causal
  scale: f32, // factor of the scores
  softcap: f32, // scores become softcap · tanh(score / softcap); 0 off
  mask_columns: u32, // entries in a row of the block mask
  lse_head_stride: u32, // from a head's statistics to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> q: array<f32>; // [query rows, heads, D]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(3) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(4) var<storage, read> blockmask: array<i32>; // [block rows, block columns] 0 or 1
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [query rows, heads, D]
@group(0) @binding(6) var<storage, read_write> lse: array<f32>; // m + ln l of every (query row, head)
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> extent: vec4<u32>; // this sequence's row of `extents`
var<workgroup> cells: array<i32, CELL_ROWS * CELL_COLS>; // mask entries under the tile
var<workgroup> needed: u32; // whether one of them is 1
var<workgroup> q_tile: array<f32, BR * D>; // [BR, D]
var<workgroup> k_tile: array<f32, D * BC>; // [D, BC]: transposed, so that neighbouring lanes read neighbouring words
var<workgroup> v_tile: array<f32, BC * D>; // [BC, D]
var<workgroup> s_tile: array<f32, BR * BC>; // [BR, BC]: scores, then probabilities
var<workgroup> lane_max: array<f32, BR * LANES>; // [BR, LANES]: largest score each invocation saw in the tile

@compute @workgroup_size(LANES, BR)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) place: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let batch = tile.z;
  let head = tile.y;
  let kv_head = head / (params.heads / params.kv_heads);
  let lane = place.x;
  let q0 = tile.x * BR; // first query row of the tile, within its sequence
  let row = q0 + place.y;

  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk); // query start, count; key start, count
  if (VARLEN) {
    if (index == 0u) { extent = extents[batch]; }
    here = workgroupUniformLoad(&extent);
  }
  let queries = here.y;
  let keys = here.w;
  let shift = i32(keys) - i32(queries);

  //: load-q
  for (var i = index; i < BR * D; i += BR * LANES) {
    if (q0 + i / D < queries) { q_tile[i] = q[((here.x + q0 + i / D) * params.heads + head) * D + i % D]; }
  }

  // The keys that any row of this tile sees: tiles outside are never loaded.
  var k_begin = 0u;
  var k_end = select(0u, keys, q0 < queries);
  if (params.window_left >= 0) { k_begin = u32(max(0, i32(q0) + shift - params.window_left)); }
  if (params.window_right >= 0) {
    k_end = u32(clamp(i32(min(q0 + BR, queries)) + shift + params.window_right, 0, i32(k_end)));
  }

  var m = NEG; // running row maximum, natural-log units
  var l = 0.0; // running sum of exp(score − m)
  var seen = false; // the row has seen a key
  var acc: array<f32, COLUMNS>; // running exp(score − m) · v, columns lane, lane + LANES, …

  for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += BC) {
    //: read-mask
    let rows = min(BC, keys - k0);
    let first = vec2<u32>(q0 / BLOCK_ROWS, k0 / BLOCK_COLS); // first mask entry under the tile
    if (index == 0u) {
      needed = 0u;
      for (var r = first.x; r <= (min(q0 + BR, queries) - 1u) / BLOCK_ROWS; r++) {
        for (var c = first.y; c <= (k0 + rows - 1u) / BLOCK_COLS; c++) {
          let entry = blockmask[r * params.mask_columns + c];
          cells[(r - first.x) * CELL_COLS + c - first.y] = entry;
          needed |= u32(entry != 0);
        }
      }
      //: count considered
    }
    if (workgroupUniformLoad(&needed) == 0u) { continue; }
    //: load-kv
    if (index == 0u) {
      //: record at batch head row=q0 key=k0
      //: count tiles
    }
    for (var i = index; i < rows * D; i += BR * LANES) {
      let at = ((here.z + k0 + i / D) * params.kv_heads + kv_head) * D + i % D;
      k_tile[i % D * BC + i / D] = k[at];
      v_tile[i] = v[at];
    }
    workgroupBarrier();
    //: scores
    var largest = NEG;
    for (var key = lane; key < rows; key += LANES) {
      var s = NEG;
      let cell = (row / BLOCK_ROWS - first.x) * CELL_COLS + (k0 + key) / BLOCK_COLS - first.y;
      if (row < queries && cells[cell] != 0 && visible(row, k0 + key, shift)) {
        var product = 0.0;
        for (var c0 = 0u; c0 < D; c0 += SPAN) {
          var part = 0.0;
          for (var c = c0; c < min(c0 + SPAN, D); c++) { part += q_tile[place.y * D + c] * k_tile[c * BC + key]; }
          product += part;
        }
        s = score(product);
        largest = max(largest, s);
        //: detail s at batch head row key=k0+key
      }
      s_tile[place.y * BC + key] = s;
    }
    lane_max[index] = largest;
    workgroupBarrier();
    //: probabilities
    var m_new = m;
    for (var other = 0u; other < LANES; other++) { m_new = max(m_new, lane_max[place.y * LANES + other]); }
    for (var key = lane; key < rows; key += LANES) {
      let s = s_tile[place.y * BC + key];
      let p = select(0.0, exp(s - m_new), s > NEG);
      s_tile[place.y * BC + key] = p;
      //: detail p at batch head row key=k0+key
    }
    workgroupBarrier();
    //: fold
    var rescale = 0.0; // brings what was summed so far to the new maximum
    if (seen) { rescale = exp(m - m_new); }
    l *= rescale;
    for (var x = 0u; x < COLUMNS; x++) { acc[x] *= rescale; }
    for (var key = 0u; key < rows; key++) {
      let p = s_tile[place.y * BC + key];
      l += p;
      for (var x = 0u; x < COLUMNS; x++) {
        acc[x] += p * v_tile[key * D + min(lane + x * LANES, D - 1u)]; // past the last column: never stored
      }
    }
    if (lane == 0u && m_new > m) {
      //: count rescales
    }
    m = m_new;
    seen = m > NEG;
    if (lane == 0u && row < queries) {
      //: record m l rescale at batch=tile.z head=tile.y row
    }
    workgroupBarrier();
  }

  //: write-out
  if (row < max(queries, params.nq)) {
    let divisor = select(1.0, l, seen); // a row that saw no key keeps its zeros
    let out_row = here.x + row;
    for (var x = 0u; x < COLUMNS; x++) {
      let column = lane + x * LANES;
      if (column < D) { out[(out_row * params.heads + head) * D + column] = acc[x] / divisor; }
    }
    let at = out_row + head * params.lse_head_stride + batch * params.lse_batch_stride;
    if (lane == 0u) { lse[at] = select(NEG, m + log(divisor), seen); }
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
