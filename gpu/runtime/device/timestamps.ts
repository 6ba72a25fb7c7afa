// GPU timestamps: how coarse they are on this device, and how long a span of passes took.

const SAMPLES = 64;
const ROUNDS = 12;

/**
 * The step by which this device's timestamps advance, ns: the greatest common divisor of the differences seen over a few
 * milliseconds of small passes. Browsers round them (to 65 536 ns or 100 µs, often) against timing attacks.
 *
 * @returns null without timestamp-query, or when the clock never moved
 */
export async function timestampQuantum(device: GPUDevice): Promise<number | null> {
  if (!device.features.has('timestamp-query')) return null;
  const clock = new TimestampSpan(device, SAMPLES);
  const seen = new Set<bigint>();
  try {
    for (let round = 0; round < ROUNDS && seen.size < 24; round++) {
      const encoder = device.createCommandEncoder({ label: 'timestamp quantum' });
      for (let index = 0; index + 1 < SAMPLES; index += 2) {
        encoder.beginComputePass({ timestampWrites: clock.writes(index, index + 1) }).end();
      }
      for (const stamp of await clock.read(encoder)) seen.add(stamp);
    }
  } finally {
    clock.destroy();
  }
  const stamps = [...seen].sort((a, b) => (a < b ? -1 : 1));
  let quantum = 0n;
  for (let index = 1; index < stamps.length; index++) quantum = gcd(quantum, stamps[index]! - stamps[index - 1]!);
  return quantum === 0n ? null : Number(quantum);
}

/** A set of timestamps that are written by passes and read back together. */
export class TimestampSpan {
  readonly #device: GPUDevice;
  readonly #count: number;
  readonly set: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  constructor(device: GPUDevice, count: number) {
    this.#device = device;
    this.#count = count;
    this.set = device.createQuerySet({ type: 'timestamp', count });
    const size = count * 8;
    this.#resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.#staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  }

  writes(begin: number, end: number): GPUComputePassTimestampWrites {
    return { querySet: this.set, beginningOfPassWriteIndex: begin, endOfPassWriteIndex: end };
  }

  /** Submits `encoder` and returns all timestamps, ns. */
  async read(encoder: GPUCommandEncoder): Promise<bigint[]> {
    encoder.resolveQuerySet(this.set, 0, this.#count, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#count * 8);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(GPUMapMode.READ);
    const stamps = Array.from(new BigUint64Array(this.#staging.getMappedRange()));
    this.#staging.unmap();
    return stamps;
  }

  destroy(): void {
    this.set.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
