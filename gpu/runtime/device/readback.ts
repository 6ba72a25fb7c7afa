// Device buffers → tensors.

import { EngineError } from '../../core/errors.ts';
import { arrayOf, type DType, elementCount, type Tensor } from '../../core/tensor.ts';
import type { DeviceBuffer } from './buffers.ts';
import { abortable } from './cancel.ts';
import type { DeviceContext } from './device.ts';

export interface ReadRequest {
  buffer: DeviceBuffer;
  dtype: DType;
  shape: number[];
  sentinel?: { from: number; to: number };
}

/** Reads buffers in one round trip, as raw bytes of their bound size. @throws EngineError aborted, device-lost */
export async function readBytes(
  context: DeviceContext,
  buffers: readonly DeviceBuffer[],
  signal?: AbortSignal,
): Promise<ArrayBuffer[]> {
  if (buffers.length === 0) return [];
  const { device } = context;
  const offsets: number[] = [];
  let total = 0;
  for (const { size } of buffers) {
    const offset = Math.ceil(total / 8) * 8;
    offsets.push(offset);
    total = offset + size;
  }
  if (buffers.length > 1 && total > device.limits.maxBufferSize) {
    const parts: ArrayBuffer[] = [];
    for (const buffer of buffers) parts.push(await readAlone(context, buffer, signal));
    return parts;
  }
  const staging = context.buffers.staging(total);
  let mapping: Promise<void> | undefined;
  try {
    const encoder = device.createCommandEncoder({ label: 'read back' });
    buffers.forEach(({ gpu, size, offset }, index) => {
      encoder.copyBufferToBuffer(gpu, offset ?? 0, staging.gpu, offsets[index]!, size);
    });
    device.queue.submit([encoder.finish()]);
    mapping = staging.gpu.mapAsync(GPUMapMode.READ, 0, total);
    await abortable(context.alive(mapping), signal);
    const mapped = staging.gpu.getMappedRange(0, total);
    return buffers.map(({ size }, index) => mapped.slice(offsets[index]!, offsets[index]! + size));
  } finally {
    mapping?.catch(() => {}); // an abort leaves the mapping pending; destroying the buffer then rejects it
    if (staging.gpu.mapState === 'mapped') staging.gpu.unmap();
    context.buffers.release(staging);
  }
}

async function readAlone(context: DeviceContext, buffer: DeviceBuffer, signal?: AbortSignal): Promise<ArrayBuffer> {
  const [bytes] = await readBytes(context, [buffer], signal);
  return bytes!;
}

/** Reads buffers as tensors; words equal to a sentinel become its meaning. @throws EngineError aborted, device-lost */
export async function readTensors(
  context: DeviceContext,
  requests: Record<string, ReadRequest>,
  signal?: AbortSignal,
): Promise<Record<string, Tensor>> {
  const names = Object.keys(requests);
  const bytes = await readBytes(
    context,
    names.map((name) => requests[name]!.buffer),
    signal,
  );
  return Object.fromEntries(names.map((name, index) => [name, toTensor(name, requests[name]!, bytes[index]!)]));
}

function toTensor(name: string, { dtype, shape, sentinel }: ReadRequest, bytes: ArrayBuffer): Tensor {
  const length = elementCount(shape);
  if (length * 4 > bytes.byteLength) {
    throw new EngineError('internal', `buffer ${name} is smaller than its shape`, { field: name, value: shape });
  }
  const data = arrayOf(dtype, length * 4 === bytes.byteLength ? bytes : bytes.slice(0, length * 4));
  if (sentinel) {
    const from = dtype === 'f32' ? Math.fround(sentinel.from) : sentinel.from;
    for (let index = 0; index < length; index++) if (data[index] === from) data[index] = sentinel.to;
  }
  return { shape: [...shape], dtype, data };
}
