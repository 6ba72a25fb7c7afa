// FlashAttention-2, forward, for adapters that run WGSL on a processor: out = softmax(mask(scale · q kᵀ)) v.
//
//   q : [query rows, heads, D]   k, v : [key rows, kv_heads, D]   as vec4, D padded to a multiple of 4 with zeros
//   out : [query rows, heads, D]   lse : one per (query row, head)   row-major f32
//   grid : (tiles of BR query rows, heads, sequences); an invocation owns ROWS query rows, LANES apart
//
// There a load takes as long as some ten multiply-adds, wherever it goes, and a barrier longer still. So nothing is staged in
// workgroup memory: every column of 16 keys that an invocation loads meets ROWS query rows in its registers.
// Source: Dao 2023 (arXiv:2307.08691), Algorithm 1.

const LANES: u32 = 8u; // invocations per workgroup  @tune 4 8 16 32
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const SOFTCAP: bool = true; // scores become softcap · tanh(score / softcap)  @flag
const RAGGED: bool = true; // some tile is not full: check every row before it is loaded  @flag
const ROWS: u32 = 4u; // query rows per invocation: a component of m and l, and an s, each
const BR: u32 = LANES * ROWS; // query rows per tile
const BC: u32 = 16u; // key rows per tile: four matrices of four
const COLUMNS: u32 = (D + 3u) / 4u; // vec4s per row
const LOG2E: f32 = 1.4426950408889634; // exponentials are powers of two
const NEG: f32 = -1e30; // stands for −∞, which WGSL does not promise

struct Params {
  heads: u32, // query heads
  kv_heads: u32, // key heads; heads / kv_heads query heads share one
  nq: u32, // query rows a sequence has room for; 0 when sequences are packed
  nk: u32, // likewise, key rows
  window_left: i32, // keys visible before the diagonal; −1 unlimited
  window_right: i32, // keys visible after the diagonal; −1 unlimited, 0 causal
  scale: f32, // factor of the scores
  softcap: f32, // bound of the scores; 0 off
  lse_head_stride: u32, // from a head's statistics to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> q: array<vec4<f32>>; // [query rows, heads, COLUMNS]
@group(0) @binding(1) var<storage, read> k: array<vec4<f32>>; // [key rows, kv_heads, COLUMNS]
@group(0) @binding(2) var<storage, read> v: array<vec4<f32>>; // [key rows, kv_heads, COLUMNS]
@group(0) @binding(3) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [query rows, heads, D]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // m + ln l of every (query row, head)
@group(0) @binding(6) var<uniform> params: Params;

alias Keys = mat4x4<f32>; // four columns of four keys (or values), one key to a matrix column
alias Scores = mat4x4<f32>; // a query row against 16 keys, four to a matrix column

fn mask(s: Scores, diagonal: i32, key: vec4<u32>, keys: u32) -> Scores {
  return Scores(seen(s[0], diagonal, key, keys), seen(s[1], diagonal, key + 4u, keys),
    seen(s[2], diagonal, key + 8u, keys), seen(s[3], diagonal, key + 12u, keys));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) tile: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let batch = tile.z;
  let head = tile.y;
  let kv_head = head / (params.heads / params.kv_heads);
  let q0 = tile.x * BR; // first query row of the tile, within its sequence
  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk);
  if (VARLEN) { here = extents[batch]; }
  let queries = here.y;
  let keys = here.w;
  let shift = i32(keys) - i32(queries);

  // The keys that any row of this tile sees, and the end of those that every row sees.
  var k_begin = 0u;
  var k_end = select(0u, keys, q0 < queries);
  var whole_end = i32(k_end);
  if (params.window_right >= 0) {
    let last_row = i32(min(q0 + BR, queries)) - 1;
    k_end = u32(clamp(last_row + shift + params.window_right + 1, 0, i32(k_end)));
    whole_end = min(whole_end, i32(q0) + shift + params.window_right + 1);
  }
  if (params.window_left >= 0) {
    k_begin = u32(max(0, i32(q0) + shift - params.window_left));
    whole_end = 0;
  }

  let rows = vec4<u32>(q0 + index) + LANES * vec4<u32>(0u, 1u, 2u, 3u); // of this invocation
  let mine = rows < vec4<u32>(queries);
  let diagonal = vec4<i32>(rows) + vec4<i32>(shift);
  let q_row = ((rows + here.x) * params.heads + head) * COLUMNS;
  let step = 4u * params.kv_heads * COLUMNS; // from a matrix of keys to the next
  let unit = LOG2E * select(params.scale, params.softcap, SOFTCAP);

  var m = vec4<f32>(NEG); // running maximum of every row, as a power of two
  var l = vec4<f32>(); // running sum of 2^(score − m)
  var acc: array<vec4<f32>, COLUMNS * ROWS>; // running 2^(score − m) · v, [COLUMNS, ROWS]

  for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += BC) {
    //: scores
    if (index == 0u) {
      //: record at batch head row=q0 key=k0
      //: count tiles
    }
    let key = vec4<u32>(k0) + vec4<u32>(0u, 1u, 2u, 3u); // of the first matrix
    let kv_row = ((key + here.z) * params.kv_heads + kv_head) * COLUMNS;
    var s0 = Scores(); var s1 = Scores(); var s2 = Scores(); var s3 = Scores();
    for (var c = 0u; c < COLUMNS; c++) {
      let a = load_k(kv_row + c, key < vec4<u32>(keys));
      let b = load_k(kv_row + step + c, key + 4u < vec4<u32>(keys));
      let d = load_k(kv_row + 2u * step + c, key + 8u < vec4<u32>(keys));
      let e = load_k(kv_row + 3u * step + c, key + 12u < vec4<u32>(keys));
      let x0 = load_q(q_row.x + c, mine.x); s0 += Scores(x0 * a, x0 * b, x0 * d, x0 * e);
      let x1 = load_q(q_row.y + c, mine.y); s1 += Scores(x1 * a, x1 * b, x1 * d, x1 * e);
      let x2 = load_q(q_row.z + c, mine.z); s2 += Scores(x2 * a, x2 * b, x2 * d, x2 * e);
      let x3 = load_q(q_row.w + c, mine.w); s3 += Scores(x3 * a, x3 * b, x3 * d, x3 * e);
    }
    if (SOFTCAP) { s0 = cap(s0); s1 = cap(s1); s2 = cap(s2); s3 = cap(s3); }
    s0 *= unit; s1 *= unit; s2 *= unit; s3 *= unit;
    if (i32(k0 + BC) > whole_end) {
      s0 = mask(s0, diagonal.x, key, keys); s1 = mask(s1, diagonal.y, key, keys);
      s2 = mask(s2, diagonal.z, key, keys); s3 = mask(s3, diagonal.w, key, keys);
    }

    //: probabilities
    let m_new = max(m, vec4<f32>(highest(s0), highest(s1), highest(s2), highest(s3)));
    let rescale = exp2(m - m_new); // brings what was summed so far to the new maximum
    s0 = weights(s0, m_new.x); s1 = weights(s1, m_new.y); s2 = weights(s2, m_new.z); s3 = weights(s3, m_new.w);
    l = l * rescale + vec4<f32>(total(s0), total(s1), total(s2), total(s3));
    m = m_new;

    //: fold
    for (var c = 0u; c < COLUMNS; c++) {
      let a = load_v(kv_row + c, key < vec4<u32>(keys));
      let b = load_v(kv_row + step + c, key + 4u < vec4<u32>(keys));
      let d = load_v(kv_row + 2u * step + c, key + 8u < vec4<u32>(keys));
      let e = load_v(kv_row + 3u * step + c, key + 12u < vec4<u32>(keys));
      let at = c * ROWS;
      acc[at] = acc[at] * rescale.x + (a * s0[0] + b * s0[1] + d * s0[2] + e * s0[3]);
      acc[at + 1u] = acc[at + 1u] * rescale.y + (a * s1[0] + b * s1[1] + d * s1[2] + e * s1[3]);
      acc[at + 2u] = acc[at + 2u] * rescale.z + (a * s2[0] + b * s2[1] + d * s2[2] + e * s2[3]);
      acc[at + 3u] = acc[at + 3u] * rescale.w + (a * s3[0] + b * s3[1] + d * s3[2] + e * s3[3]);
    }
  }

  //: write-out
  for (var r = 0u; r < ROWS; r++) {
    let row = rows[r];
    if (row < max(queries, params.nq)) {
      let answered = row < queries && m[r] > NEG; // padding, and rows that saw no key, get zeros
      let divisor = select(1.0, l[r], answered);
      for (var c = 0u; c < D; c++) {
        out[((here.x + row) * params.heads + head) * D + c] =
          select(0.0, acc[c / 4u * ROWS + r][c % 4u] / divisor, answered);
      }
      lse[here.x + row + head * params.lse_head_stride + batch * params.lse_batch_stride] =
        select(NEG, (m[r] + log2(divisor)) / LOG2E, answered);
    }
  }
}
// ---- from load-columns.wgsl
// A vec4 of a query row, and one each of four keys or values; zeros where there is no such row.
fn load_q(at: u32, present: bool) -> vec4<f32> {
  var row = vec4<f32>(); if (!RAGGED || present) { row = q[at]; }
  return row;
}
fn load_k(at: vec4<u32>, present: vec4<bool>) -> Keys {
  var rows = Keys();
  if (!RAGGED || present.x) { rows[0] = k[at.x]; } if (!RAGGED || present.y) { rows[1] = k[at.y]; }
  if (!RAGGED || present.z) { rows[2] = k[at.z]; } if (!RAGGED || present.w) { rows[3] = k[at.w]; }
  return rows;
}
fn load_v(at: vec4<u32>, present: vec4<bool>) -> Keys {
  var rows = Keys();
  if (!RAGGED || present.x) { rows[0] = v[at.x]; } if (!RAGGED || present.y) { rows[1] = v[at.y]; }
  if (!RAGGED || present.z) { rows[2] = v[at.z]; } if (!RAGGED || present.w) { rows[3] = v[at.w]; }
  return rows;
}
// ---- from scores-of-row.wgsl
fn capped(s: vec4<f32>) -> vec4<f32> { // near 0 tanh() loses digits, and far out some devices give NaN
  let x = clamp(s * (params.scale / params.softcap), vec4<f32>(-10.0), vec4<f32>(10.0)); let x2 = x * x;
  return select(tanh(x), x / (1.0 + x2 / (3.0 + x2 / (5.0 + x2 / 7.0))), abs(x) < vec4<f32>(0.5));
}
fn cap(s: Scores) -> Scores { return Scores(capped(s[0]), capped(s[1]), capped(s[2]), capped(s[3])); }
// Puts NEG where a row does not see the key; `diagonal` is the key that the row's own place stands for.
fn seen(s: vec4<f32>, diagonal: i32, key: vec4<u32>, keys: u32) -> vec4<f32> {
  let distance = vec4<i32>(key) - vec4<i32>(diagonal);
  let right = (distance <= vec4<i32>(params.window_right)) | vec4<bool>(params.window_right < 0);
  let left = (distance >= vec4<i32>(-params.window_left)) | vec4<bool>(params.window_left < 0);
  return select(vec4<f32>(NEG), s, left & right & (key < vec4<u32>(keys)));
}
fn highest(s: Scores) -> f32 {
  let x = max(max(s[0], s[1]), max(s[2], s[3])); return max(max(x.x, x.y), max(x.z, x.w));
}
fn total(p: Scores) -> f32 { return dot(p[0] + p[1] + p[2] + p[3], vec4<f32>(1.0)); }
// 2^(s − m), and exactly 0 where the row does not see the key.
fn weight(s: vec4<f32>, m: f32) -> vec4<f32> { return select(vec4<f32>(), exp2(s - m), s > vec4<f32>(NEG)); }
fn weights(s: Scores, m: f32) -> Scores { return Scores(weight(s[0], m), weight(s[1], m), weight(s[2], m), weight(s[3], m)); }
