// Running sums along rows: y[t] = x[0] + … + x[t] in every channel.
//
//   x, y : [length, channels]   row-major f32
//   grid : ceil(channels / LANES) workgroups of LANES × CHUNKS lanes; a lane owns one chunk of the rows of one channel
//
// Every lane sums its chunk; the sums of the chunks above it are what its own running sum starts from. Reads x twice, for CHUNKS
// times the parallelism. Source: Blelloch 1990 (CMU-CS-90-190), section 1.2.1, the scan by blocks.

const LANES: u32 = 32u; // channels per workgroup  @tune 8 16 32 64
const CHUNKS: u32 = 8u; // chunks that the rows are cut into  @tune 2 4 8 16

struct Params {
  length: u32, // rows
  channels: u32, // columns
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [length, channels]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [length, channels]
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> totals: array<f32, CHUNKS * LANES>; // [CHUNKS, LANES]: sum of each chunk

@compute @workgroup_size(LANES, CHUNKS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let channel = group.x * LANES + lane.x;
  let rows = (params.length + CHUNKS - 1u) / CHUNKS; // per chunk
  let first = lane.y * rows;
  var last = min(first + rows, params.length);
  if (channel >= params.channels) { last = 0u; }

  //: sum-chunk
  var sum = 0.0;
  for (var row = first; row < last; row++) { sum += x[row * params.channels + channel]; }
  totals[lane.y * LANES + lane.x] = sum;
  workgroupBarrier();

  //: sum-above
  sum = 0.0;
  for (var chunk = 0u; chunk < lane.y; chunk++) { sum += totals[chunk * LANES + lane.x]; }

  //: add-row
  for (var row = first; row < last; row++) {
    let at = row * params.channels + channel;
    sum += x[at];
    y[at] = sum;
  }
}
