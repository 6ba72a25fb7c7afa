// Unfused selective scan, third of three passes: reads every state back and maps it to the output.
//
//   y_t = Σ_n C_t[n] h_t[n] + D u_t     out_t = y_t · silu(z_t)
//
//   u, z, out [batch, dim, seqlen]   C [batch, groups, N, seqlen] or [dim, N]   states [batch, dim, seqlen, N]
//   grid: (channel blocks of a group, groups, batch); one invocation per channel
//
// Source: state-spaces/mamba, selective_scan_ref (einsum with C, skip connection, gate).

const CHANNELS: u32 = 32u; // channels per workgroup  @tune 4 8 16 32 64
const TIME: u32 = 32u; // time steps of C staged at once  @tune 8 16 32
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const C_PER_CHANNEL: bool = false; // C is [dim, N], constant in time  @flag
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag
const ROWS: u32 = max(TIME, CHANNELS); // rows of the staged tile: time steps, or channels of a constant C

struct Params {
  dim: u32, // channels
  seqlen: u32, // time steps
  group_dim: u32, // channels that share C
  c_at: u32, // first element of C in bc
  c_batch: u32, // elements between batch entries of C
  c_group: u32, // elements between groups of C
}

@group(0) @binding(0) var<storage, read> u: array<f32>; // input signal [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> z: array<f32>; // gate [batch, dim, seqlen]
@group(0) @binding(2) var<storage, read> bc: array<f32>; // input map B and output map C
@group(0) @binding(3) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then delta_bias [dim]
@group(0) @binding(4) var<storage, read> states: array<f32>; // h [batch, dim, seqlen, N]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> c_tile: array<f32, ROWS * N>; // C of TIME steps (or of CHANNELS channels)

@compute @workgroup_size(CHANNELS)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let batch = grid.z;
  let first = grid.x * CHANNELS; // first channel of the block, within its group
  let own = first + lane < params.group_dim;
  let channel = grid.y * params.group_dim + first + lane;
  let row = (batch * params.dim + channel) * params.seqlen;
  let c_first = params.c_at + batch * params.c_batch + grid.y * params.c_group;
  var skip = 0.0;
  //: load-skip
  if (own) {
    for (var n = 0u; C_PER_CHANNEL && n < N; n++) {
      c_tile[lane * N + n] = bc[params.c_at + channel * N + n];
    }
    if (HAS_D) {
      skip = weights[params.dim * N + channel];
    }
  }
  for (var start = 0u; start < params.seqlen; start += TIME) {
    let steps = min(TIME, params.seqlen - start);
    //: stage-output-map
    for (var i = lane; !C_PER_CHANNEL && i < steps * N; i += CHANNELS) {
      let t = i % steps;
      let n = i / steps;
      c_tile[t * N + n] = bc[c_first + n * params.seqlen + start + t];
    }
    workgroupBarrier();
    for (var t = 0u; own && t < steps; t++) {
      //: read-out
      let time = start + t;
      let c = select(t, lane, C_PER_CHANNEL) * N; // row of c_tile
      var y = 0.0;
      for (var n = 0u; n < N; n++) {
        y += c_tile[c + n] * states[(row + time) * N + n];
      }
      if (HAS_D) {
        y += skip * u[row + time];
      }
      if (HAS_Z) {
        let gate = z[row + time];
        y *= gate / (1.0 + exp(-gate));
      }
      out[row + time] = y;
    }
    workgroupBarrier();
  }
}
