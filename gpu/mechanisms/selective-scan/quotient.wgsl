// Numerical trap, in place of recur.wgsl: the recurrence as one running product and one running sum, as code writes it that has only
// cumprod and cumsum.
//
//   P_t = Ā_1 · … · Ā_t     h_t = P_t · Σ_{s ≤ t} (B̄u)_s / P_s
//
// The same on paper. In f32 P falls below the smallest number there is (1.2e-38) once Σ |Δ A| passes 87; then the quotient is ∞ and
// 0 · ∞ is no number. GUARDED adds 1e-12 to the divisor: every value stays finite, and what is written after P has fallen below
// 1e-12 is forgotten without a sign.
//
//   a_bar, b_bar_u, states [batch, dim, seqlen, N]   row-major f32
//   grid: ceil(batch · dim · N / LANES) workgroups; one invocation per state
//
// Source: the mistake is that of many ports of Mamba to array frameworks; the recurrence is Gu and Dao 2023 (arXiv:2312.00752).

const LANES: u32 = 64u; // states per workgroup  @tune 16 32 64 128
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const KEEP_STATE: bool = true; // store the last state  @flag
const GUARDED: bool = false; // add 1e-12 to the divisor  @flag

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
  var product = 1.0;
  var sum = 0.0;
  var h = 0.0;
  for (var time = 0u; time < params.seqlen; time++) {
    //: divide
    let at = (row * params.seqlen + time) * N + n;
    product *= a_bar[at];
    var divisor = product;
    if (GUARDED) {
      divisor += 1e-12;
    }
    sum += b_bar_u[at] / divisor;
    h = product * sum;
    states[at] = h;
    //: record h product at batch channel state=n time
  }
  if (KEEP_STATE) {
    last_state[id.x] = h;
  }
}
