// FlashAttention, forward, in the paper's loop order: key tiles outside, query tiles inside, one workgroup for a whole head.
//
//   q, out : [query rows, heads, D]   k, v : [key rows, kv_heads, D]   l_rows, m_rows : one per (query row, head)   row-major f32
//   grid   : (1, heads, sequences); BR · LANES invocations, LANES of them share a query row
//
// K and V are read once. The price: output, sum l and maximum m of every query tile are read and written again per key tile.
// Source: Dao et al. 2022 (arXiv:2205.14135), Algorithm 1; `out` is kept normalised, as there.

const BR: u32 = 32u; // query rows per tile  @tune 8 16 32 64
const BC: u32 = 16u; // key rows per tile  @tune 8 16 32 64
const LANES: u32 = 4u; // invocations per query row  @shape
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const COLUMNS: u32 = (D + LANES - 1u) / LANES; // output columns an invocation owns
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
  lse_head_stride: u32, // from a head's statistics to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> q: array<f32>; // [query rows, heads, D]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(3) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [query rows, heads, D]
@group(0) @binding(5) var<storage, read_write> l_rows: array<f32>; // l of every (query row, head)
@group(0) @binding(6) var<storage, read_write> m_rows: array<f32>; // m likewise; after a row's last key tile m + ln l, the lse
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> extent: vec4<u32>; // this sequence's row of `extents`
var<workgroup> q_tile: array<f32, BR * D>; // [BR, D]
var<workgroup> k_tile: array<f32, D * BC>; // [D, BC]: transposed, so that neighbouring lanes read neighbouring words
var<workgroup> v_tile: array<f32, BC * D>; // [BC, D]
var<workgroup> s_tile: array<f32, BR * BC>; // [BR, BC]: scores, then probabilities
var<workgroup> lane_max: array<f32, BR * LANES>; // [BR, LANES]: largest score each invocation saw in the tile
var<workgroup> m_tile: array<f32, BR>; // m of the tile's rows, before it is folded
var<workgroup> l_tile: array<f32, BR>; // l likewise

// The keys [x, y) that any of the rows `first` to `last` sees.
fn key_range(first: u32, last: u32, keys: u32, shift: i32) -> vec2<u32> {
  var range = vec2<u32>(0u, keys);
  if (params.window_left >= 0) { range.x = u32(max(0, i32(first) + shift - params.window_left)); }
  if (params.window_right >= 0) { range.y = u32(clamp(i32(last) + shift + params.window_right + 1, 0, i32(keys))); }
  return range;
}

@compute @workgroup_size(LANES, BR)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) place: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let batch = group.z;
  let head = group.y;
  let kv_head = head / (params.heads / params.kv_heads);
  let lane = place.x;

  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk); // query start, count; key start, count
  if (VARLEN) {
    if (index == 0u) { extent = extents[batch]; }
    here = workgroupUniformLoad(&extent);
  }
  let queries = here.y;
  let keys = here.w;
  let shift = i32(keys) - i32(queries);
  let statistics = here.x + head * params.lse_head_stride + batch * params.lse_batch_stride;

  //: initialise
  for (var row = place.y; row < max(queries, params.nq); row += BR) {
    for (var c = lane; c < D; c += LANES) {
      out[((here.x + row) * params.heads + head) * D + c] = 0.0;
    }
    if (lane == 0u) {
      l_rows[statistics + row] = 0.0;
      m_rows[statistics + row] = NEG;
    }
  }

  let any = key_range(0u, max(queries, 1u) - 1u, select(0u, keys, queries > 0u), shift);
  for (var k0 = any.x / BC * BC; k0 < any.y; k0 += BC) {
    //: load-kv
    let rows = min(BC, keys - k0);
    for (var i = index; i < rows * D; i += BR * LANES) {
      let at = ((here.z + k0 + i / D) * params.kv_heads + kv_head) * D + i % D;
      k_tile[i % D * BC + i / D] = k[at];
      v_tile[i] = v[at];
    }
    for (var q0 = 0u; q0 < queries; q0 += BR) {
      let range = key_range(q0, min(q0 + BR, queries) - 1u, keys, shift);
      if (k0 >= range.y || k0 + BC <= range.x) { continue; } // no row of the query tile sees the key tile
      //: load-q
      if (index == 0u) {
        //: record at batch head row=q0 key=k0
        //: count tiles
      }
      let row = q0 + place.y;
      let out_start = ((here.x + row) * params.heads + head) * D + lane;
      var acc: array<f32, COLUMNS>; // the row's output so far, columns lane, lane + LANES, …
      if (row < queries) {
        for (var x = 0u; x < COLUMNS; x++) {
          if (lane + x * LANES < D) {
            q_tile[place.y * D + lane + x * LANES] = q[out_start + x * LANES];
            acc[x] = out[out_start + x * LANES];
          }
        }
        if (lane == 0u) {
          l_tile[place.y] = l_rows[statistics + row];
          m_tile[place.y] = m_rows[statistics + row];
        }
      }
      workgroupBarrier();

      //: scores
      var largest = NEG;
      for (var key = lane; key < rows; key += LANES) {
        var s = NEG;
        if (row < queries && visible(row, k0 + key, shift)) {
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
      let m_old = m_tile[place.y];
      var m = m_old;
      for (var other = 0u; other < LANES; other++) {
        m = max(m, lane_max[place.y * LANES + other]);
      }
      for (var key = lane; key < rows; key += LANES) {
        let s = s_tile[place.y * BC + key];
        let p = select(0.0, exp(s - m), s > NEG);
        s_tile[place.y * BC + key] = p;
        //: detail p at batch head row key=k0+key
      }
      workgroupBarrier();
      //: fold
      if (row < queries) {
        let rescale = select(0.0, exp(m_old - m), m_old > NEG); // brings what was summed so far to the new maximum
        var l = l_tile[place.y] * rescale;
        for (var x = 0u; x < COLUMNS; x++) { acc[x] *= l; } // no longer normalised
        for (var key = 0u; key < rows; key++) {
          let p = s_tile[place.y * BC + key];
          l += p;
          for (var x = 0u; x < COLUMNS; x++) {
            acc[x] += p * v_tile[key * D + min(lane + x * LANES, D - 1u)]; // past the last column: never stored
          }
        }
        let divisor = select(1.0, l, m > NEG); // a row that saw no key keeps its zeros
        for (var x = 0u; x < COLUMNS; x++) {
          if (lane + x * LANES < D) { out[out_start + x * LANES] = acc[x] / divisor; }
        }
        if (lane == 0u) {
          //: record m l rescale at batch=group.z head=group.y row
          let finished = k0 + BC >= range.y && m > NEG;
          l_rows[statistics + row] = l;
          m_rows[statistics + row] = select(m, m + log(divisor), finished);
          if (m > m_old) {
            //: count rescales
          }
        }
      }
      workgroupBarrier();
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
