// What the adapter allows: multiply-adds, copies beyond the caches, loads within them. Raced like a contestant, in the same rounds.

import type { DeviceContext } from '../../gpu/runtime/device/device.ts';
import type { Entry } from '../contestant.ts';
import cached from './cached.wgsl?raw';
import fma from './fma.wgsl?raw';
import stream from './stream.wgsl?raw';

export interface Roof {
  name: string;
  unit: 'GFLOP/s' | 'GB/s';
  /** Operations, or bytes, of one run. */
  amount: number;
  entry: Entry;
}

const LANES = 256 * 64;
const STREAM_BYTES = 2 ** 26;

async function entryOf(
  { device }: DeviceContext,
  wgsl: string,
  sizes: { inBytes: number; outBytes: number; rounds: number },
): Promise<Entry> {
  const module = device.createShaderModule({ code: wgsl });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const buffer = (size: number, usage: number) => device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
  const [input, output, params] = [
    buffer(sizes.inBytes, GPUBufferUsage.STORAGE),
    buffer(sizes.outBytes, GPUBufferUsage.STORAGE),
    buffer(16, GPUBufferUsage.UNIFORM),
  ];
  device.queue.writeBuffer(
    input,
    0,
    Float32Array.from({ length: 8 }, (_, i) => 0.5 + i / 32),
  );
  device.queue.writeBuffer(params, 0, Uint32Array.of(sizes.rounds));
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [input, output, params].map((each, binding) => ({ binding, resource: { buffer: each } })),
  });
  return {
    async run(times) {
      const encoder = device.createCommandEncoder();
      for (let time = 0; time < times; time++) {
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(LANES / 64);
        pass.end();
      }
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    read: async () => [],
    dispose() {
      for (const each of [input, output, params]) each.destroy();
    },
  };
}

/** @param scale how much work per run, 1 for a processor; more for a graphics processor */
export async function roofs(context: DeviceContext, scale: number): Promise<Roof[]> {
  const outBytes = 4 * LANES;
  const fmaRounds = 200 * scale;
  const loadRounds = 40 * scale;
  const vec4s = STREAM_BYTES / 16;
  return [
    {
      name: 'multiply-add',
      unit: 'GFLOP/s',
      amount: LANES * fmaRounds * 2 * 8 * 16,
      entry: await entryOf(context, fma, { inBytes: 32, outBytes, rounds: fmaRounds }),
    },
    {
      name: 'storage, streamed (read + write)',
      unit: 'GB/s',
      amount: 2 * STREAM_BYTES,
      entry: await entryOf(context, stream, { inBytes: STREAM_BYTES, outBytes: STREAM_BYTES, rounds: vec4s / LANES }),
    },
    {
      name: 'storage, in cache (read)',
      unit: 'GB/s',
      amount: LANES * loadRounds * 8 * 16,
      entry: await entryOf(context, cached, { inBytes: 16384, outBytes, rounds: loadRounds }),
    },
  ];
}
