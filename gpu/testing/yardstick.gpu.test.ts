// A fixed amount of what GPU tests spend their time with: compiling kernels, and running each once. scripts/exhibit-time.mjs measures the
// tests of exhibits by the processor time of this file, so nothing here depends on the product, and nothing here changes.

import { expect, test } from 'vitest';

const KERNELS = 72;
const LANES = 64;

/** A kernel with branches, loops, workgroup memory and barriers, another one for every `rounds`. */
const kernel = (rounds: number) => `
const ROUNDS: u32 = ${rounds}u;
const LANES: u32 = ${LANES}u;
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
var<workgroup> tile: array<vec4f, LANES>;

fn smooth_step(x: f32) -> f32 {
  if (x > 20.0) { return x; }
  let e = exp(-abs(x));
  let s = e / (2.0 + e);
  let s2 = s * s;
  return max(x, 0.0) + 2.0 * s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 / 7.0)));
}

fn mix_four(a: vec4f, b: vec4f, share: f32) -> vec4f {
  var sum = vec4f();
  for (var i = 0u; i < 4u; i++) {
    if (a[i] > b[i]) { sum[i] = a[i] + share * (b[i] - a[i]); } else { sum[i] = b[i] + share * (a[i] - b[i]); }
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var h = vec4f(data[lane], data[lane] + 0.25, data[lane] + 0.5, data[lane] + 0.75);
  for (var round = 0u; round < ROUNDS; round++) {
    tile[lane] = h;
    workgroupBarrier();
    let left = tile[(lane + LANES - 1u) % LANES];
    let right = tile[(lane + 1u) % LANES];
    workgroupBarrier();
    let share = 1.0 / (1.0 + smooth_step(h.x));
    h = mix_four(mix_four(left, h, share), mix_four(h, right, 1.0 - share), 0.5);
    for (var i = 0u; i < 4u; i++) {
      if (h[i] < 0.0) { h[i] = -h[i]; }
      h[i] = min(h[i], 8.0);
    }
  }
  data[lane] = h.x + h.y + h.z + h.w;
}
`;

test('kernels that never change are compiled and run', async () => {
  const adapter = (await navigator.gpu.requestAdapter())!;
  const device = await adapter.requestDevice();
  const results = new Set<number>();
  for (let rounds = 1; rounds <= KERNELS; rounds++) {
    const module = device.createShaderModule({ code: kernel(rounds) });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    const size = 4 * LANES;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const data = device.createBuffer({ size, usage });
    const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(
      data,
      0,
      Float32Array.from({ length: LANES }, (_, i) => ((i * 37) % 11) / 11),
    );
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [{ binding: 0, resource: { buffer: data } }];
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(data, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const values = new Float32Array(read.getMappedRange().slice(0));
    expect(values.every((value) => value > 0 && value <= 32)).toBe(true);
    results.add(values[0]!);
  }
  device.destroy();
  expect(results.size).toBeGreaterThan(1);
});
