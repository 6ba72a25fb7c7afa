// Deflated bytes, unpacked by the platform's own decompressor, off this thread, and never further than asked for: a few bytes can unpack to
// gigabytes.

import { EngineError } from './errors.ts';

/** Deflate cannot pack tighter than 1032 : 1 (zlib's technical notes): who says more is lying. */
export const MOST_RATIO = 1032;

type Format = 'deflate' | 'deflate-raw';

/**
 * @param most bytes, beyond which nothing is unpacked
 * @param format 'deflate' has zlib's head and checksum around it
 * @throws EngineError bad-file for bytes that are not deflated, end too soon, or unpack to more
 */
export async function inflate(
  bytes: Uint8Array,
  most: number,
  format: Format = 'deflate-raw',
): Promise<Uint8Array<ArrayBuffer>> {
  const { whole, isMore } = await unpack(bytes, most, format);
  if (!isMore) return whole;
  throw new EngineError('bad-file', `it unpacks to more than ${most} bytes`, { field: 'file', limit: most });
}

/** The first bytes, at most `count` of them; the rest is left packed. @throws EngineError bad-file as `inflate` */
export async function inflateStart(bytes: Uint8Array, count: number): Promise<Uint8Array<ArrayBuffer>> {
  return (await unpack(bytes, count, 'deflate-raw')).whole;
}

async function unpack(
  bytes: Uint8Array,
  most: number,
  format: Format,
): Promise<{ whole: Uint8Array<ArrayBuffer>; isMore: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const reader = stream.pipeThrough(new DecompressionStream(format)).getReader();
    while (length <= most) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      parts.push(value);
    }
    if (length > most) reader.cancel().catch(() => {});
  } catch (error) {
    throw new EngineError('bad-file', `it cannot be unpacked: ${(error as Error).message}`, { field: 'file' });
  }
  const whole = new Uint8Array(Math.min(length, most));
  let at = 0;
  for (const part of parts) {
    whole.set(part.subarray(0, most - at), at);
    at = Math.min(most, at + part.length);
  }
  return { whole, isMore: length > most };
}
