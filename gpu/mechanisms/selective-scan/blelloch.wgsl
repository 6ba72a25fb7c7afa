// Selective scan as a work-efficient parallel scan over time: an up-sweep builds totals, a down-sweep hands prefixes down.
//
//   The pair (a, b) stands for h → a h + b; one time step is (Ā_t, B̄_t u_t). The carried state enters at the root, so the
//   exclusive prefix of lane t is h_{t-1}. 2 (SCAN − 1) combines per state and tile; tiles follow each other and pass a carry.
//
//   u, delta, z, out [batch, dim, seqlen]   B, C [batch, groups, N, seqlen] or [dim, N]   row-major f32
//   grid: (dim, batch); one workgroup per channel
//
// Source: Blelloch 1990 (CMU-CS-90-190); the operator is that of Gu and Dao 2023 (arXiv:2312.00752).

const SCAN: u32 = 64u; // time steps scanned together, one per lane; a power of two  @tune 8 16 32 64 128 256
const N: u32 = 16u; // states per channel, 1 … 32  @shape
const B_PER_CHANNEL: bool = false; // B is [dim, N], constant in time  @flag
const C_PER_CHANNEL: bool = false; // C is [dim, N], constant in time  @flag
const HAS_D: bool = true; // skip connection  @flag
const HAS_Z: bool = true; // gate  @flag
const HAS_BIAS: bool = true; // delta_bias  @flag
const SOFTPLUS: bool = true; // Δ = softplus(·), else Δ = ·  @flag
const ZOH: bool = false; // exact zero-order hold  @flag
const KEEP_STATE: bool = true; // store the last state  @flag
const_assert (SCAN & (SCAN - 1u)) == 0u;

struct Params {
  dim: u32, // channels
  seqlen: u32, // time steps
  group_dim: u32, // channels that share B and C
  b_at: u32, // first element of B in bc
  b_batch: u32, // elements between batch entries of B
  b_group: u32, // elements between groups of B
  c_at: u32, // first element of C in bc
  c_batch: u32, // elements between batch entries of C
  c_group: u32, // elements between groups of C
}

@group(0) @binding(0) var<storage, read> u: array<f32>; // input signal [batch, dim, seqlen]
@group(0) @binding(1) var<storage, read> delta: array<f32>; // step size before bias and softplus [batch, dim, seqlen]
@group(0) @binding(2) var<storage, read> z: array<f32>; // gate [batch, dim, seqlen]
@group(0) @binding(3) var<storage, read> bc: array<f32>; // input map B and output map C
@group(0) @binding(4) var<storage, read> weights: array<f32>; // A [dim, N], then D [dim], then delta_bias [dim]
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch, dim, seqlen]
@group(0) @binding(6) var<storage, read_write> last_state: array<f32>; // [batch, dim, N]
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> pairs: array<vec2f, SCAN>; // (a, b) of the stretch of time that ends at each lane
var<workgroup> rate: array<f32, N>; // A of this channel
var<workgroup> carry: array<f32, N>; // state before this tile

@compute @workgroup_size(SCAN)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = grid.x;
  let batch = grid.y;
  let group = channel / params.group_dim;
  let row = (batch * params.dim + channel) * params.seqlen;
  let b_first = params.b_at + batch * params.b_batch + group * params.b_group;
  let c_first = params.c_at + batch * params.c_batch + group * params.c_group;
  //: load-rates
  for (var n = lane; n < N; n += SCAN) {
    rate[n] = weights[channel * N + n];
    carry[n] = 0.0;
  }
  var skip = 0.0;
  var bias = 0.0;
  if (HAS_D) {
    skip = weights[params.dim * N + channel];
  }
  if (HAS_BIAS) {
    bias = weights[params.dim * (N + 1u) + channel];
  }
  for (var start = 0u; start < params.seqlen; start += SCAN) {
    let time = start + lane;
    let live = time < params.seqlen; // lanes past the end hold the identity (1, 0)
    var signal = 0.0;
    var step = 0.0;
    //: load-signal
    if (live) {
      signal = u[row + time];
      step = delta[row + time] + bias;
      if (SOFTPLUS) {
        step = softplus(step);
      }
    }
    var y = skip * signal;
    workgroupBarrier();
    for (var n = 0u; n < N; n++) {
      //: discretize
      var element = vec2f(1.0, 0.0);
      if (live) {
        let x = step * rate[n];
        var input = step * signal * input_map(b_first, channel, n, time);
        if (ZOH) {
          input *= hold(x);
        }
        element = vec2f(decay(x), input);
      }
      pairs[lane] = element;
      workgroupBarrier();
      for (var reach = 1u; reach < SCAN; reach *= 2u) {
        //: up-sweep
        let right = (lane + 1u) * 2u * reach - 1u;
        if (right < SCAN) {
          let left = right - reach;
          pairs[right] = combine(pairs[left], pairs[right]);
          //: record reach left right at batch channel state=n start
        }
        workgroupBarrier();
      }
      //: plant-carry
      if (lane == SCAN - 1u) {
        pairs[lane] = vec2f(1.0, carry[n]);
      }
      workgroupBarrier();
      for (var reach = SCAN / 2u; reach > 0u; reach /= 2u) {
        //: down-sweep
        let right = (lane + 1u) * 2u * reach - 1u;
        if (right < SCAN) {
          let left = right - reach;
          let total = pairs[left];
          pairs[left] = pairs[right];
          pairs[right] = combine(pairs[left], total);
          //: record reach left right at batch channel state=n start
        }
        workgroupBarrier();
      }
      //: apply-own
      let h = element.x * pairs[lane].y + element.y;
      if (lane == SCAN - 1u) {
        carry[n] = h;
      }
      if (live) {
        y += h * output_map(c_first, channel, n, time);
      }
      //: record h step at batch channel state=n time
    }
    //: write-output
    if (live) {
      if (HAS_Z) {
        let gate = z[row + time];
        y *= gate / (1.0 + exp(-gate));
      }
      out[row + time] = y;
    }
  }
  workgroupBarrier();
  for (var n = lane; KEEP_STATE && n < N; n += SCAN) {
    //: store-state
    last_state[(batch * params.dim + channel) * N + n] = carry[n];
  }
}
// ---- from softplus.wgsl
// ln(1 + eˣ) = max(x, 0) + 2 artanh(e / (2 + e)), e = exp(−|x|), by its series: log(1 + e) would lose the digits of a small e.
fn softplus(x: f32) -> f32 {
  if (x > 20.0) { return x; }
  let e = exp(-abs(x));
  let s = e / (2.0 + e);
  let s2 = s * s;
  let artanh = s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 * (1.0 / 11.0 + s2 / 13.0))))));
  return max(x, 0.0) + 2.0 * artanh;
}
// ---- from hold.wgsl
// (eˣ − 1) / x; by its series near 0, where the difference would lose all digits.
fn hold(x: f32) -> f32 {
  if (abs(x) < 0.35) {
    return 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0)))));
  }
  return (exp(x) - 1.0) / x;
}
// ---- from maps.wgsl
// Of B and of C, the element that state n of a channel meets at a time; `first` is where those of the channel's group begin.
fn input_map(first: u32, channel: u32, n: u32, time: u32) -> f32 {
  if (B_PER_CHANNEL) {
    return bc[params.b_at + channel * N + n];
  }
  return bc[first + n * params.seqlen + time];
}
fn output_map(first: u32, channel: u32, n: u32, time: u32) -> f32 {
  if (C_PER_CHANNEL) {
    return bc[params.c_at + channel * N + n];
  }
  return bc[first + n * params.seqlen + time];
}
// ---- from combine.wgsl
// Two consecutive stretches of time as one: h → a h + b. Associative, not commutative: the earlier stretch stands left.
fn combine(earlier: vec2f, later: vec2f) -> vec2f {
  //: count combine
  return vec2f(later.x * earlier.x, later.x * earlier.y + later.y);
}
// ---- from decay.wgsl
// What a stretch of time leaves of a state: eˣ, x = Δ A, or a sum of such. Near 0 by its series, exact to the last digit: exp() may be
// off by a few, for all x nearby to the same side, and over a long scan that adds up.
fn decay(x: f32) -> f32 {
  if (abs(x) > 0.5) { return exp(x); }
  let rest = 0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x / 40320.0)))));
  return 1.0 + (x + x * x * rest);
}
