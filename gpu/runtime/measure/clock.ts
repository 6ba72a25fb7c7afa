// Two ways to time one submission: the GPU's own timestamps, or, where there are none, the wall clock around the queue.

import type { Measurement } from '../api.ts';
import { abortable } from '../device/cancel.ts';
import { type DeviceContext, scoped } from '../device/device.ts';
import { TimestampSpan } from '../device/timestamps.ts';

/** Fills an encoder with passes, the first and last of which take the clock's timestamps. */
type EncodeTimed = (
  encoder: GPUCommandEncoder,
  writes: {
    first?: GPUComputePassTimestampWrites;
    last?: GPUComputePassTimestampWrites;
    both?: GPUComputePassTimestampWrites;
  },
) => void;

export interface Clock {
  readonly kind: Measurement['clock'];
  readonly quantumNs: number | null;
  /** Submits what `encode` records and returns how long it ran, ms. Waits for earlier work first. */
  time(encode: EncodeTimed, signal?: AbortSignal): Promise<number>;
  destroy(): void;
}

/** The GPU's timestamps, where the device has a clock that moves. */
export function openClock(context: DeviceContext): Clock {
  return context.facts.timestampQuantumNs === null ? openWallClock(context) : new GpuClock(context);
}

export function openWallClock(context: DeviceContext): Clock {
  return new WallClock(context);
}

class GpuClock implements Clock {
  readonly kind = 'timestamp-query';
  readonly quantumNs: number | null;
  readonly #span: TimestampSpan;

  constructor(private readonly context: DeviceContext) {
    this.quantumNs = context.facts.timestampQuantumNs;
    this.#span = new TimestampSpan(context.device, 2);
  }

  async time(encode: EncodeTimed, signal?: AbortSignal): Promise<number> {
    const { device } = this.context;
    const set = this.#span.set;
    const stamps = await scoped(device, 'timed sample', () => {
      const encoder = device.createCommandEncoder({ label: 'timed sample' });
      encode(encoder, {
        first: { querySet: set, beginningOfPassWriteIndex: 0 },
        last: { querySet: set, endOfPassWriteIndex: 1 },
        both: this.#span.writes(0, 1),
      });
      const read = this.#span.read(encoder);
      read.catch(() => {}); // awaited below, unless the scope throws first
      return { read };
    });
    const [begin = 0n, end = 0n] = await abortable(this.context.alive(stamps.read), signal);
    return Number(end - begin) * 1e-6;
  }

  destroy(): void {
    this.#span.destroy();
  }
}

class WallClock implements Clock {
  readonly kind = 'queue-wall';
  readonly quantumNs = null;

  constructor(private readonly context: DeviceContext) {}

  async time(encode: EncodeTimed, signal?: AbortSignal): Promise<number> {
    const { device } = this.context;
    await abortable(this.context.alive(device.queue.onSubmittedWorkDone()), signal);
    const started = await scoped(device, 'timed sample', () => {
      const encoder = device.createCommandEncoder({ label: 'timed sample' });
      encode(encoder, {});
      const commands = encoder.finish();
      const now = performance.now();
      device.queue.submit([commands]);
      return { now, done: device.queue.onSubmittedWorkDone().then(() => performance.now()) };
    });
    return (await abortable(this.context.alive(started.done), signal)) - started.now;
  }

  destroy(): void {}
}
