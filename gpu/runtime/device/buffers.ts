// Device memory: a pool that reuses what runs give back, and the ways a buffer gets its first contents.

import type { DType } from '../../core/tensor.ts';

/** A quiet NaN no arithmetic produces: a word still holding it was never written. */
export const POISON_WORD = 0x7fc0dead;

/** Free buffers kept for reuse, bytes; beyond it the largest are destroyed. */
const IDLE_BYTES = 256 * 2 ** 20;
const FILL_BYTES = 2 ** 18;

/** Piece of device memory as one run sees it. `size` is what is bound; the buffer behind it may be larger. */
export interface DeviceBuffer {
  gpu: GPUBuffer;
  /** Bytes, a multiple of 4, at least 4. */
  size: number;
  /** Byte at which it starts, where it is a stretch of another buffer. */
  offset?: number;
}

type Kind = 'storage' | 'staging';

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #idle: Record<Kind, Map<number, GPUBuffer[]>> = { storage: new Map(), staging: new Map() };
  #idleBytes = 0;
  #live = 0;
  #created = 0;
  #fills = new Map<number, GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Buffers handed out and not yet given back, and all ever made. */
  get counts(): { live: number; created: number } {
    return { live: this.#live, created: this.#created };
  }

  /** A buffer of at least `bytes`, contents unspecified. Storage, uniform, indirect and copies in both directions are allowed. */
  storage(bytes: number): DeviceBuffer {
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    return { gpu: this.#take('storage', size), size };
  }

  /** A mappable buffer to copy results into. */
  staging(bytes: number): DeviceBuffer {
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    return { gpu: this.#take('staging', size), size };
  }

  /** Takes back a buffer whose allocation failed, or may have: it must not be handed out again. */
  discard(buffer: DeviceBuffer): void {
    this.#live--;
    buffer.gpu.destroy();
  }

  release(buffer: DeviceBuffer): void {
    this.#live--;
    const { gpu } = buffer;
    const kind: Kind = gpu.usage & GPUBufferUsage.MAP_READ ? 'staging' : 'storage';
    const mapped = gpu.mapState !== 'unmapped';
    if (mapped || this.#idleBytes + gpu.size > IDLE_BYTES) {
      gpu.destroy();
      return;
    }
    this.#idleBytes += gpu.size;
    const shelf = this.#idle[kind].get(gpu.size);
    if (shelf) shelf.push(gpu);
    else this.#idle[kind].set(gpu.size, [gpu]);
  }

  #take(kind: Kind, size: number): GPUBuffer {
    const capacity = shelfSize(size, this.#device.limits.maxBufferSize);
    const free = this.#idle[kind].get(capacity)?.pop();
    this.#live++;
    if (free) {
      this.#idleBytes -= capacity;
      return free;
    }
    this.#created++;
    const { STORAGE, UNIFORM, INDIRECT, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const usage = kind === 'staging' ? COPY_DST | MAP_READ : STORAGE | UNIFORM | INDIRECT | COPY_SRC | COPY_DST;
    return this.#device.createBuffer({ label: `${kind} ${capacity}`, size: capacity, usage });
  }

  /** Fills all of `buffer` with one 32-bit word. */
  fill(encoder: GPUCommandEncoder, buffer: DeviceBuffer, word: number): void {
    if (word === 0) {
      encoder.clearBuffer(buffer.gpu, 0, buffer.size);
      return;
    }
    const source = this.#fillSource(word);
    for (let at = 0; at < buffer.size; at += FILL_BYTES) {
      encoder.copyBufferToBuffer(source, 0, buffer.gpu, at, Math.min(FILL_BYTES, buffer.size - at));
    }
  }

  #fillSource(word: number): GPUBuffer {
    let source = this.#fills.get(word);
    if (!source) {
      const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      source = this.#device.createBuffer({ label: `fill ${word.toString(16)}`, size: FILL_BYTES, usage });
      this.#device.queue.writeBuffer(source, 0, new Uint32Array(FILL_BYTES / 4).fill(word));
      this.#fills.set(word, source);
    }
    return source;
  }

  /** Writes `data` from byte `from` on; a tail shorter than a word is padded with zeros. */
  upload(buffer: DeviceBuffer, data: ArrayBufferView, from = 0): void {
    const at = from + (buffer.offset ?? 0);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength) as Uint8Array<ArrayBuffer>;
    const whole = bytes.byteLength & ~3;
    if (whole > 0) this.#device.queue.writeBuffer(buffer.gpu, at, bytes, 0, whole);
    if (whole === bytes.byteLength) return;
    const tail = new Uint8Array(4);
    tail.set(bytes.subarray(whole));
    this.#device.queue.writeBuffer(buffer.gpu, at + whole, tail);
  }

  /** Destroys what is idle; buffers handed out stay. */
  destroy(): void {
    for (const shelves of Object.values(this.#idle)) {
      for (const buffers of shelves.values()) for (const buffer of buffers) buffer.destroy();
      shelves.clear();
    }
    this.#idleBytes = 0;
    this.#dropFills();
  }

  #dropFills(): void {
    for (const source of this.#fills.values()) source.destroy();
    this.#fills.clear();
  }
}

/** Sizes are rounded up to four steps per power of two, so that runs of similar size share buffers and waste ≤ 25 %. */
function shelfSize(size: number, largest: number): number {
  if (size <= 256) return 256;
  const step = 2 ** Math.max(2, Math.floor(Math.log2(size)) - 2);
  return Math.max(size, Math.min(Math.ceil(size / step) * step, Math.floor(largest / 4) * 4));
}

/** The 32-bit word that stores `value` as `dtype`. */
export function wordOf(value: number, dtype: DType): number {
  if (dtype !== 'f32') return value >>> 0;
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}
