// Standard attention, 3 of 3: out = p v, the probabilities read back from HBM.
//
//   p : [one row per (query row, head), row_length]   v : [key rows, kv_heads, D]   out : [query rows, heads, D]   row-major f32
//   grid : (blocks of BR query rows, heads, sequences); one invocation per query row
//
// An invocation sums its output row in registers, so that a block reads P and V once.
// Source: Dao et al. 2022 (arXiv:2205.14135), Algorithm 0, line 3.

const BR: u32 = 256u; // query rows per block  @tune 64 128 256
const BC: u32 = 4u; // keys per tile  @tune 4 8
const D: u32 = 32u; // head dimension  @shape
const VARLEN: bool = false; // every sequence has lengths of its own  @flag

struct Params {
  heads: u32, // query heads
  kv_heads: u32, // key heads; heads / kv_heads query heads share one
  nq: u32, // query rows a sequence has room for; 0 when sequences are packed
  nk: u32, // likewise, key rows
  row_length: u32, // probabilities from one row of p to the next
  lse_head_stride: u32, // from a head's rows of p to the next head's
  lse_batch_stride: u32, // what a sequence adds to that, beyond its first row
}

@group(0) @binding(0) var<storage, read> p: array<f32>; // [rows, row_length]
@group(0) @binding(1) var<storage, read> v: array<f32>; // [key rows, kv_heads, D]
@group(0) @binding(2) var<storage, read> extents: array<vec4<u32>>; // [sequences]: first query row, queries, first key row, keys
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [query rows, heads, D]
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> extent: vec4<u32>; // this sequence's row of `extents`
var<workgroup> p_tile: array<f32, BR * BC>; // [BR, BC]
var<workgroup> v_tile: array<f32, BC * D>; // [BC, D]

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
  let keys = select(0u, here.w, q0 < queries);
  let p_row = here.x + q0 + head * params.lse_head_stride + batch * params.lse_batch_stride;
  var acc: array<f32, D>; // this invocation's output row

  for (var k0 = 0u; k0 < keys; k0 += BC) {
    //: load-pv
    let columns = min(BC, keys - k0);
    if (lane == 0u) {
      //: record at batch head row=q0 key=k0
      //: count tiles
    }
    for (var i = lane; i < BR * BC; i += BR) {
      if (q0 + i / BC < queries && i % BC < columns) {
        p_tile[i] = p[(p_row + i / BC) * params.row_length + k0 + i % BC];
      }
    }
    for (var i = lane; i < columns * D; i += BR) {
      v_tile[i] = v[((here.z + k0 + i / D) * params.kv_heads + kv_head) * D + i % D];
    }
    workgroupBarrier();

    //: accumulate
    for (var key = 0u; key < columns && row < queries; key++) {
      let weight = p_tile[lane * BC + key];
      for (var c = 0u; c < D; c++) {
        acc[c] += weight * v_tile[key * D + c];
      }
    }
    workgroupBarrier();
  }

  //: write-out
  if (row < max(queries, params.nq)) {
    for (var c = 0u; c < D; c++) {
      out[((here.x + row) * params.heads + head) * D + c] = acc[c];
    }
  }
}
