import { expect, test } from 'vitest';
import { openDevice, traceKernel } from './testing/trace-kernel.ts';

const src = `// tiles
const N: u32 = 4u; // x @tune 4
struct P { n: u32 }
@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(2) var<uniform> params: P;
var<workgroup> tile: array<array<f32, N>, 8>;
fn pick(t: ptr<workgroup, array<array<f32, N>, 8>>, i: u32) -> f32 { return (*t)[i][0]; }
@compute @workgroup_size(N) fn main(@builtin(workgroup_id) w: vec3u, @builtin(local_invocation_id) l: vec3u) {
  if (params.n > 2u * 9u + 1u) { return; }
  var m = 0.0;
  for (var i = 0u; i < 3u; i++) {
    //: load
    tile[l.x][i] = q[i * N + l.x];
    workgroupBarrier();
    //: fold
    for (var j = 0u; j < N; j++) { m = max(m, tile[j][i] * q[j]); }
    //: probe m
    //: count folded
    workgroupBarrier();
  }
  if (m > 1.0 && pick(&tile, l.x) > 0.0) { o[l.x].x = m; } else if (q[0] > 2.0) { o[l.x] += vec4f(m); }
}
`;
test('smoke', async () => {
  const device = await openDevice();
  const r = await traceKernel(device, {
    wgsl: src,
    workgroups: [2, 1, 1],
    data: { q: new Float32Array(16).map((_, i) => i), o: new Float32Array(16), params: new Uint32Array([9]) },
  });
  console.log(JSON.stringify(r.trace.totals), JSON.stringify(r.trace.operations), JSON.stringify(r.trace.events));
  console.log(JSON.stringify([...r.trace.steps], null, 0));
  console.log(JSON.stringify(r.trace.lines), JSON.stringify(r.trace.probes?.map((p) => [...p.values])));
  expect(r.traced).toEqual(r.plain);
});
