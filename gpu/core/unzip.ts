// Reads zip archives and deflated bytes with the platform's own decompressor, off this thread: what shows a recording needs no library for
// it. Files are treated as hostile.

import { EngineError } from './errors.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** Bytes of the last record without its comment, of an entry of the directory and of a local header without their names. */
const [END_BYTES, ENTRY_BYTES, LOCAL_BYTES] = [22, 46, 30];
const LONGEST_COMMENT = 0xffff;
const [STORED, DEFLATED] = [0, 8];

/**
 * @param most bytes, beyond which nothing is unpacked
 * @throws EngineError bad-file for bytes that are not deflated, or end too soon
 */
export async function inflate(bytes: Uint8Array, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const bad = (why: string) => new EngineError('bad-file', `it cannot be unpacked: ${why}`, { field: 'file' });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > most) {
        reader.cancel().catch(() => {});
        throw bad(`it unpacks to more than ${most} bytes`);
      }
      parts.push(read.value);
    }
  } catch (error) {
    throw error instanceof EngineError ? error : bad((error as Error).message);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Every file of a zip archive, unpacked, by its name.
 *
 * @param most bytes of all of them together
 * @throws EngineError bad-file for a damaged archive, one of another kind (encrypted, in parts, beyond 4 GB), or one that holds more
 */
export async function unzip(archive: Uint8Array, most: number): Promise<Record<string, Uint8Array>> {
  const bad = (why: string) => new EngineError('bad-file', `the archive is damaged: ${why}`, { field: 'file' });
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOfDirectory(view);
  if (end === null) throw bad('it has no directory');
  let at = view.getUint32(end + 16, true);
  let left = most;
  const files: Record<string, Uint8Array> = {};
  for (let entry = view.getUint16(end + 10, true); entry > 0; entry--) {
    if (at + ENTRY_BYTES > archive.length || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw bad('its directory is cut off');
    const method = view.getUint16(at + 10, true);
    const [packed, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength));
    at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (local + LOCAL_BYTES > archive.length || view.getUint32(local, true) !== LOCAL_HEADER)
      throw bad(`${name} is not where its directory says`);
    const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (from + packed > archive.length) throw bad(`${name} is cut off`);
    if (unpacked > left) throw bad(`it unpacks to more than ${most} bytes`);
    left -= unpacked;
    const bytes = archive.subarray(from, from + packed);
    if (method !== STORED && method !== DEFLATED) throw bad(`${name} is packed in a way that is not read here`);
    files[name] = method === STORED ? bytes : await inflate(bytes, unpacked);
    if (files[name].length !== unpacked) throw bad(`${name} has ${files[name].length} bytes in place of ${unpacked}`);
  }
  return files;
}

/** Where the last record begins, with room for a comment after it; null where there is none. */
function endOfDirectory(view: DataView): number | null {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  return null;
}
