// Reader of zip archives, entries stored or deflated. The file is treated as hostile.

import { EngineError } from './errors.ts';
import { inflate } from './inflate.ts';

export interface ZipEntry {
  name: string;
  /** As the directory says it. */
  packedBytes: number;
  unpackedBytes: number;
  method: number;
  /** Of the entry's own header. */
  offset: number;
}

const STORED = 0;
const DEFLATED = 8;
const END = { signature: 0x06054b50, bytes: 22, mostComment: 0xffff };
const DIRECTORY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };

const damaged = (why: string) => new EngineError('bad-file', `the archive is damaged: ${why}`, { field: 'zip' });
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether the bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** What the archive's directory lists; nothing is unpacked. @throws EngineError bad-file */
export function listZip(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    requireHeader(view, at, DIRECTORY, 'its directory is cut off');
    const nameStart = at + DIRECTORY.bytes;
    const nameEnd = nameStart + view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)),
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      unpackedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The entry's contents, in memory of their own; never more than the directory says. @throws EngineError bad-file */
export async function unzipEntry(
  bytes: Uint8Array,
  { name, method, packedBytes, unpackedBytes, offset }: ZipEntry,
): Promise<Uint8Array> {
  const view = viewOf(bytes);
  requireHeader(view, offset, LOCAL, `${name} is not where the directory says`);
  const start = offset + LOCAL.bytes + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.subarray(start, start + packedBytes);
  if (packed.length < packedBytes) throw damaged(`${name} is cut off`);
  if (method !== STORED && method !== DEFLATED) throw damaged(`${name} is packed in a way that is not read here`);
  const unpacked = method === STORED ? packed.slice() : await inflate(packed, unpackedBytes);
  if (typeof unpacked === 'string' || unpacked.length !== unpackedBytes) {
    throw damaged(`${name} does not unpack to the ${unpackedBytes} bytes that the directory says`);
  }
  return unpacked;
}

/** Where the end record stands: at the end, or before a comment. */
function endRecord(view: DataView): number {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= 0 && at >= last - END.mostComment; at--) {
    if (view.getUint32(at, true) === END.signature) return at;
  }
  throw damaged('it has no directory');
}

function requireHeader(view: DataView, at: number, header: { signature: number; bytes: number }, otherwise: string) {
  if (at + header.bytes > view.byteLength || view.getUint32(at, true) !== header.signature) throw damaged(otherwise);
}
