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
  const whole = new Uint8Array(Math.min(most, (bytes.length + 1) * MOST_RATIO));
  let length = 0;
  try {
    const reader = inPieces(bytes).pipeThrough(new DecompressionStream(format)).getReader();
    while (length <= most) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length < most) whole.set(value.subarray(0, most - length), length);
      length += value.length;
    }
    if (length > most) reader.cancel().catch(() => {});
  } catch (error) {
    throw new EngineError('bad-file', `it cannot be unpacked: ${(error as Error).message}`, { field: 'file' });
  }
  return { whole: length < whole.length ? whole.slice(0, length) : whole, isMore: length > most };
}

/** Of a small file, bytes: it unpacks to a quarter of a megabyte at most. */
const LEAST_PIECE = 256;

/**
 * A decompressor unpacks all of what it is given before it asks whether anybody wants it: so it is given pieces of which none can unpack to
 * more than the file itself is long.
 */
function inPieces(bytes: Uint8Array): ReadableStream<BufferSource> {
  const piece = Math.max(LEAST_PIECE, Math.floor(bytes.length / MOST_RATIO));
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + piece));
        else controller.close();
        at += piece;
      },
    },
    // Nothing is read ahead.
    { highWaterMark: 0 },
  );
}
