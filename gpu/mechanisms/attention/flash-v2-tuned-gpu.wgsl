// FlashAttention-2, forward, for graphics processors: out = softmax(mask(scale · q kᵀ)) v.
//
//   q : [query rows, heads, D]   k, v : [key rows, kv_heads, D]   as vec4, D padded to a multiple of 4 with zeros
//   out : [query rows, heads, D]   lse : one per (query row, head)   row-major f32
//   grid : (query tiles, heads, sequences); one workgroup owns BR query rows, LANES invocations share each group of four
//
// Neighbouring invocations load neighbouring vec4s. Every vec4 read from workgroup memory is used for four rows: an invocation
// holds the scores of its keys, and the output of its columns, against the four rows of its group, one row to a component.
// Source: Dao 2023 (arXiv:2307.08691), Algorithm 1.

const BR: u32 = 32u; // query rows per tile  @tune 16 32 64
const BC: u32 = 16u; // key rows per tile, a multiple of LANES  @tune 8 16 32
const LANES: u32 = 8u; // invocations per group of four rows  @tune 4 8 16
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const SOFTCAP: bool = true; // scores become softcap · tanh(score / softcap)  @flag
const_assert BR % 4u == 0u && BC % LANES == 0u;
const GROUPS: u32 = BR / 4u; // groups of four rows
const KEYS: u32 = BC / LANES; // keys of a tile that an invocation scores
const COLUMNS: u32 = (D + 3u) / 4u; // vec4s per row
const OWN: u32 = (COLUMNS + LANES - 1u) / LANES; // output columns of an invocation
const STRIDE: u32 = COLUMNS + 1u; // from a key's row to the next: one apart, so that lanes reading a column use all memory banks
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

var<workgroup> q_tile: array<vec4<f32>, BR * COLUMNS>; // [BR, COLUMNS], times the scale; zero past the last row
var<workgroup> kv_tile: array<vec4<f32>, BC * STRIDE>; // [BC, STRIDE]: keys, then the values that take their place
var<workgroup> p_tile: array<vec4<f32>, BC * GROUPS>; // [BC, GROUPS]: probabilities, a row of the group to a component
var<workgroup> lane_part: array<vec4<f32>, GROUPS * LANES>; // [GROUPS, LANES]: what each invocation adds to a maximum or a sum

// Puts NEG where a row does not see the key; `diagonal` are the keys that the rows' own places stand for.
fn seen(s: vec4<f32>, diagonal: vec4<i32>, key: u32, keys: u32) -> vec4<f32> {
  let distance = vec4<i32>(i32(key)) - diagonal;
  let right = (distance <= vec4<i32>(params.window_right)) | vec4<bool>(params.window_right < 0);
  let left = (distance >= vec4<i32>(-params.window_left)) | vec4<bool>(params.window_left < 0);
  return select(vec4<f32>(NEG), s, left & right & vec4<bool>(key < keys));
}

@compute @workgroup_size(LANES, GROUPS)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) place: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let batch = tile.z;
  let head = tile.y;
  let kv_head = head / (params.heads / params.kv_heads);
  let lane = place.x;
  let group = place.y;
  let q0 = tile.x * BR; // first query row of the tile, within its sequence
  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk);
  if (VARLEN) { here = extents[batch]; }
  let queries = here.y;
  let keys = here.w;
  let shift = i32(keys) - i32(queries);

  //: load-q
  let factor = select(params.scale * LOG2E, params.scale / params.softcap, SOFTCAP);
  for (var i = index; i < BR * COLUMNS; i += GROUPS * LANES) {
    let row = q0 + i / COLUMNS;
    if (row < queries) { q_tile[i] = q[((here.x + row) * params.heads + head) * COLUMNS + i % COLUMNS] * factor; }
  }

  // The keys that any row of this tile sees: tiles outside are never loaded.
  var k_begin = 0u;
  var k_end = select(0u, keys, q0 < queries);
  if (params.window_left >= 0) { k_begin = u32(max(0, i32(q0) + shift - params.window_left)); }
  if (params.window_right >= 0) {
    let last_row = i32(min(q0 + BR, queries)) - 1;
    k_end = u32(clamp(last_row + shift + params.window_right + 1, 0, i32(k_end)));
  }

  let rows = vec4<u32>(q0 + 4u * group) + vec4<u32>(0u, 1u, 2u, 3u); // of this group
  let diagonal = vec4<i32>(rows) + vec4<i32>(shift);
  var m = vec4<f32>(NEG); // running maximum of every row, as a power of two
  var l = vec4<f32>(); // running sum of 2^(score − m), over this invocation's keys
  var acc: array<mat4x4<f32>, OWN>; // running 2^(score − m) · v: a row to a matrix column

  for (var k0 = k_begin / BC * BC; k0 < k_end; k0 += BC) {
    //: load-k
    let present = min(BC, keys - k0);
    if (index == 0u) {
      //: record at batch head row=q0 key=k0
      //: count tiles
    }
    for (var i = index; i < present * COLUMNS; i += GROUPS * LANES) {
      let row = here.z + k0 + i / COLUMNS;
      kv_tile[i / COLUMNS * STRIDE + i % COLUMNS] = k[(row * params.kv_heads + kv_head) * COLUMNS + i % COLUMNS];
    }
    workgroupBarrier();

    //: scores
    var s = array<vec4<f32>, KEYS>(); // said outright: left out, an adapter was seen to zero it once, not in every turn
    for (var c = 0u; c < COLUMNS; c++) {
      let at = 4u * group * COLUMNS + c;
      let four = mat4x4<f32>(q_tile[at], q_tile[at + COLUMNS], q_tile[at + 2u * COLUMNS], q_tile[at + 3u * COLUMNS]);
      for (var j = 0u; j < KEYS; j++) { s[j] += kv_tile[(lane + j * LANES) * STRIDE + c] * four; }
    }
    var largest = vec4<f32>(NEG);
    for (var j = 0u; j < KEYS; j++) {
      if (SOFTCAP) {
        let x = clamp(s[j], vec4<f32>(-10.0), vec4<f32>(10.0)); // some devices give NaN far out
        let x2 = x * x; // near 0 tanh() loses digits
        let capped = select(tanh(x), x / (1.0 + x2 / (3.0 + x2 / (5.0 + x2 / 7.0))), abs(x) < vec4<f32>(0.5));
        s[j] = params.softcap * LOG2E * capped;
      }
      s[j] = seen(s[j], diagonal, k0 + lane + j * LANES, keys);
      largest = max(largest, s[j]);
    }
    lane_part[index] = largest;
    workgroupBarrier();

    //: probabilities
    for (var i = index; i < present * COLUMNS; i += GROUPS * LANES) {
      let row = here.z + k0 + i / COLUMNS;
      kv_tile[i / COLUMNS * STRIDE + i % COLUMNS] = v[(row * params.kv_heads + kv_head) * COLUMNS + i % COLUMNS];
    }
    var m_new = m;
    for (var other = 0u; other < LANES; other++) { m_new = max(m_new, lane_part[group * LANES + other]); }
    let rescale = exp2(m - m_new); // brings what was summed so far to the new maximum
    l *= rescale;
    for (var j = 0u; j < KEYS; j++) {
      let p = select(vec4<f32>(), exp2(s[j] - m_new), s[j] > vec4<f32>(NEG));
      p_tile[(lane + j * LANES) * GROUPS + group] = p;
      l += p;
    }
    m = m_new;
    workgroupBarrier();

    //: fold
    for (var x = 0u; x < OWN; x++) {
      acc[x] = mat4x4<f32>(acc[x][0] * rescale.x, acc[x][1] * rescale.y, acc[x][2] * rescale.z, acc[x][3] * rescale.w);
    }
    for (var key = 0u; key < present; key++) {
      let p = p_tile[key * GROUPS + group];
      for (var x = 0u; x < OWN; x++) {
        let value = kv_tile[key * STRIDE + min(lane + x * LANES, COLUMNS - 1u)];
        acc[x] += mat4x4<f32>(value * p.x, value * p.y, value * p.z, value * p.w);
      }
    }
    workgroupBarrier();
  }

  //: write-out
  lane_part[index] = l;
  workgroupBarrier();
  l = vec4<f32>();
  for (var other = 0u; other < LANES; other++) { l += lane_part[group * LANES + other]; }
  for (var r = 0u; r < 4u; r++) {
    let row = rows[r];
    if (row < max(queries, params.nq)) {
      let answered = row < queries && m[r] > NEG; // padding, and rows that saw no key, get zeros
      let divisor = select(1.0, l[r], answered);
      for (var i = 0u; i < OWN * 4u; i++) {
        let column = 4u * (lane + i / 4u * LANES) + i % 4u;
        if (column < D) {
          out[((here.x + row) * params.heads + head) * D + column] = select(0.0, acc[i / 4u][r][i % 4u] / divisor, answered);
        }
      }
      if (lane == 0u) {
        lse[here.x + row + head * params.lse_head_stride + batch * params.lse_batch_stride] =
          select(NEG, (m[r] + log2(divisor)) / LOG2E, answered);
      }
    }
  }
}
