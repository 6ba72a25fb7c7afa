// A copy of buffers on the device, to come back to.

import type { DeviceBuffer } from './buffers.ts';
import { type DeviceContext, scoped } from './device.ts';

export class Snapshot {
  readonly #copies = new Map<DeviceBuffer, DeviceBuffer>();

  private constructor(private readonly context: DeviceContext) {}

  /** Copies what the buffers hold once all work submitted so far is done. @throws EngineError out-of-memory */
  static async take(context: DeviceContext, buffers: readonly DeviceBuffer[]): Promise<Snapshot> {
    const snapshot = new Snapshot(context);
    try {
      await scoped(context.device, 'snapshot', () => {
        const encoder = context.device.createCommandEncoder({ label: 'snapshot' });
        for (const buffer of buffers) {
          const copy = context.buffers.storage(buffer.size);
          snapshot.#copies.set(buffer, copy);
          encoder.copyBufferToBuffer(buffer.gpu, 0, copy.gpu, 0, buffer.size);
        }
        context.device.queue.submit([encoder.finish()]);
      });
    } catch (error) {
      for (const copy of snapshot.#copies.values()) context.buffers.discard(copy);
      throw error;
    }
    return snapshot;
  }

  encodeRestore(encoder: GPUCommandEncoder): void {
    for (const [buffer, copy] of this.#copies) encoder.copyBufferToBuffer(copy.gpu, 0, buffer.gpu, 0, buffer.size);
  }

  restore(): void {
    const encoder = this.context.device.createCommandEncoder({ label: 'restore' });
    this.encodeRestore(encoder);
    this.context.device.queue.submit([encoder.finish()]);
  }

  release(): void {
    for (const copy of this.#copies.values()) this.context.buffers.release(copy);
    this.#copies.clear();
  }
}
