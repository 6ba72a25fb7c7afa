// The mean of rows, weighted where weights are given: one row out of many.
//
//   out[c] = Σ_t weights[t] · x[t, c]     without weights 1 / tokens each
//
//   x [batch, tokens, width]   weights [batch, tokens]   out [batch, width]   row-major f32
//   grid : (ceil(width / LANES), batch); a lane owns a column, so that neighbouring lanes read neighbours
//
// `tokens` is a number of the run: rows past it are not read. Source: the weighted mean, as SeqPool takes it (Hassani et al. 2021,
// arXiv:2104.05704, equation 3).

const LANES: u32 = 64u; // columns per workgroup  @tune 32 64 128
const HAS_WEIGHTS: bool = true; // rows have weights  @flag

struct Params {
  width: u32, // columns
  tokens: u32, // rows of this run
  x_at: u32, // first element of x
  x_batch: u32, // elements between batch entries of x
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, tokens, width]
@group(0) @binding(1) var<storage, read> weights: array<f32>; // [batch, tokens], or one unused word
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [batch, width]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let column = grid.x * LANES + lane;
  if (column >= params.width) {
    return;
  }
  let start = params.x_at + grid.y * params.x_batch + column;
  var sum = 0.0;
  for (var t = 0u; t < params.tokens; t++) {
    //: add-row
    //: record at token=t column
    let element = x[start + t * params.width];
    if (HAS_WEIGHTS) {
      sum = fma(weights[grid.y * params.tokens + t], element, sum);
    } else {
      sum += element;
    }
  }
  //: write-mean
  if (!HAS_WEIGHTS) { sum /= f32(params.tokens); }
  out[grid.y * params.width + column] = sum;
}
