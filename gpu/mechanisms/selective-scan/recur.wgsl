// Unfused selective scan, second of three passes: runs the recurrence over Ā and B̄u from memory and stores every state.
//
//   h_t = Ā_t h_{t-1} + (B̄u)_t
//
//   a_bar, b_bar_u, states [batch, dim, seqlen, N]   row-major f32
//   grid: ceil(batch · dim · N / LANES) workgroups; one invocation per state
//
// Source: Gu and Dao 2023 (arXiv:2312.00752), algorithm 2, line 6, each operation a kernel of its own.

const LANES: u32 = 64u; // states per workgroup  @tune 16 32 64 128
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const KEEP_STATE: bool = true; // store the last state  @flag

struct Params {
  rows: u32, // batch · dim
  dim: u32, // channels
  seqlen: u32, // time steps
}

@group(0) @binding(0) var<storage, read> a_bar: array<f32>; // Ā [batch, dim, seqlen, N]
@group(0) @binding(1) var<storage, read> b_bar_u: array<f32>; // B̄u [batch, dim, seqlen, N]
@group(0) @binding(2) var<storage, read_write> states: array<f32>; // h [batch, dim, seqlen, N]
@group(0) @binding(3) var<storage, read_write> last_state: array<f32>; // [batch, dim, N]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x / N; // (batch, channel)
  let n = id.x % N;
  if (row >= params.rows) {
    return;
  }
  let batch = row / params.dim;
  let channel = row % params.dim;
  var h = 0.0;
  for (var time = 0u; time < params.seqlen; time++) {
    //: recur
    let at = (row * params.seqlen + time) * N + n;
    h = a_bar[at] * h + b_bar_u[at];
    states[at] = h;
    //: record h at batch channel state=n time
  }
  if (KEEP_STATE) {
    last_state[id.x] = h;
  }
}
