// Deflated bytes, unpacked by the browser's own decompressor.

/** @returns the bytes; 'too-long' as soon as there are more than `most`, whatever was claimed; 'damaged' for what is not deflated */
export async function inflate(packed: Uint8Array, most: number): Promise<Uint8Array | 'too-long' | 'damaged'> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  // What is wrong with the bytes is told where they are read.
  writer.write(packed as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = readable.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) {
        reader.cancel().catch(() => {});
        return 'too-long';
      }
      parts.push(value);
    }
  } catch {
    return 'damaged';
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
