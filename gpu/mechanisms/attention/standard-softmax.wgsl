// Standard attention, 2 of 3: p = softmax(s) row by row, read from HBM and stored there again; lse = ln Σ exp(s).
//
//   s, p : [one row per (query row, head), row_length]   lse : one per (query row, head)   row-major f32
//   grid : (query rows, heads, sequences); one workgroup per row of s
//
// The first KEPT scores of a row stay on chip; what is beyond is read again for the sum and again for the quotient.
// Source: Dao et al. 2022 (arXiv:2205.14135), Algorithm 0, line 2.

const LANES: u32 = 32u; // invocations per row  @tune 32 64 128
const KEPT: u32 = 1024u; // scores of a row kept on chip  @tune 256 512 1024 2048
const VARLEN: bool = false; // every sequence has lengths of its own  @flag
const NEG: f32 = -1e30; // a hidden key's score

struct Params {
  nq: u32, // query rows a sequence has room for; 0 when sequences are packed
  nk: u32, // likewise, key rows
  row_length: u32, // scores from one row of s to the next
  lse_head_stride: u32, // from a head's statistics to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> s: array<f32>; // [rows, row_length]
@group(0) @binding(1) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(2) var<storage, read_write> p: array<f32>; // [rows, row_length]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>; // [rows]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> extent: vec4<u32>; // this sequence's row of `extents`
var<workgroup> kept: array<f32, KEPT>; // the row's first scores, then their exponentials
var<workgroup> lane_max: array<f32, LANES>; // largest score each invocation saw
var<workgroup> lane_sum: array<f32, LANES>; // sum of the exponentials of each

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) place: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let batch = place.z;
  let head = place.y;
  let row = place.x;

  var here = vec4<u32>(batch * params.nq, params.nq, batch * params.nk, params.nk); // query start, count; key start, count
  if (VARLEN) {
    if (lane == 0u) { extent = extents[batch]; }
    here = workgroupUniformLoad(&extent);
  }
  let keys = select(0u, here.w, row < here.y);
  let s_row = here.x + row + head * params.lse_head_stride + batch * params.lse_batch_stride;
  let start = s_row * params.row_length;

  //: load-s
  var largest = NEG;
  for (var key = lane; key < keys; key += LANES) {
    let value = s[start + key];
    if (key < KEPT) {
      kept[key] = value;
    }
    largest = max(largest, value);
  }
  lane_max[lane] = largest;
  workgroupBarrier();

  //: exponentials
  var m = NEG;
  for (var other = 0u; other < LANES; other++) {
    m = max(m, lane_max[other]);
  }
  let seen = m > NEG; // the row has seen a key
  var sum = 0.0;
  for (var key = lane; key < keys; key += LANES) {
    var value = 0.0;
    if (key < KEPT) {
      value = kept[key];
    } else {
      value = s[start + key];
    }
    var e = 0.0;
    if (value > NEG) {
      e = exp(value - m);
    }
    if (key < KEPT) {
      kept[key] = e;
    }
    sum += e;
  }
  lane_sum[lane] = sum;
  workgroupBarrier();

  //: normalise
  var l = 0.0;
  for (var other = 0u; other < LANES; other++) {
    l += lane_sum[other];
  }
  let divisor = select(1.0, l, seen); // a row that saw no key keeps its zeros
  for (var key = lane; key < keys; key += LANES) {
    var e = 0.0;
    if (key < KEPT) {
      e = kept[key];
    } else {
      let value = s[start + key];
      if (value > NEG) {
        e = exp(value - m);
      }
    }
    let weight = e / divisor;
    p[start + key] = weight;
    //: detail weight at batch head row key
  }
  if (lane == 0u && row < max(here.y, params.nq)) {
    lse[s_row] = select(NEG, m + log(divisor), seen);
  }
  if (lane == 0u && row < here.y) {
    //: record m l at batch=place.z head=place.y row
  }
}
