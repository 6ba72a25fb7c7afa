// How many bytes somebody has unpacked. Counted in a decompressor that, as Chromium's own, unpacks all of a piece before it asks whether
// anybody wants it: a platform's own cannot be asked.

import { Inflate, Unzlib } from 'fflate';

/** Bytes that `work` makes of packed ones, wanted or not. */
export async function bytesUnpacked(work: () => Promise<unknown>): Promise<number> {
  const own = globalThis.DecompressionStream;
  let count = 0;
  class Counting {
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly writable: WritableStream<BufferSource>;
    constructor(format: CompressionFormat) {
      const inflater = format === 'deflate' ? new Unzlib() : new Inflate();
      const { readable, writable } = new TransformStream<BufferSource, Uint8Array<ArrayBuffer>>({
        transform(piece, controller) {
          inflater.ondata = (chunk) => {
            count += chunk.length;
            controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
          };
          inflater.push(piece as Uint8Array);
        },
        flush: () => inflater.push(new Uint8Array(), true),
      });
      this.readable = readable;
      this.writable = writable;
    }
  }
  globalThis.DecompressionStream = Counting;
  try {
    await work();
  } finally {
    globalThis.DecompressionStream = own;
  }
  return count;
}
