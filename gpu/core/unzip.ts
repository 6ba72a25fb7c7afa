// Reads zip archives. The directory says what is there; an entry is unpacked when it is asked for, no further than it says it is long, and
// its checksum is compared. Source: PKWARE's APPNOTE, with its 64-bit form (NumPy writes it for streams). Files are treated as hostile.

import { crc32 } from './crc-32.ts';
import { EngineError } from './errors.ts';
import { inflate, inflateStart, MOST_RATIO } from './inflate.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** Bytes of the last record without its comment, of an entry of the directory and of a local header without their names. */
const [END_BYTES, ENTRY_BYTES, LOCAL_BYTES] = [22, 46, 30];
const [END_64_BYTES, LOCATOR_64_BYTES] = [56, 20];
const LONGEST_COMMENT = 0xffff;
/** Of the directory. A model's archive has some thousands. */
const MOST_ENTRIES = 65_536;
/** In place of a number that stands in the entry's 64-bit field. */
const [IS_64_WORD, IS_64_SHORT] = [0xffffffff, 0xffff];
const FIELD_64 = 1;
const [STORED, DEFLATED] = [0, 8];
/** Ways of packing that others read: APPNOTE 4.4.5. */
const OTHER_WAYS: Readonly<Record<number, string>> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  12: 'bzip2',
  14: 'LZMA',
  20: 'zstd',
  93: 'zstd',
  95: 'XZ',
};

interface Entry {
  name: string;
  method: number;
  isEncrypted: boolean;
  crc: number;
  /** Bytes. */
  packed: number;
  unpacked: number;
  /** Where its local header is. */
  local: number;
}

export interface Archive {
  names: string[];
  has(name: string): boolean;
  /**
   * @param most bytes, beyond which nothing is unpacked
   * @throws EngineError bad-file for an entry that is not there, damaged, packed in a way that is not read, or larger
   */
  read(name: string, most: number): Promise<Uint8Array>;
  /** Its first bytes, at most `count` of them: not compared with the checksum, which is one of all. @throws EngineError bad-file */
  readStart(name: string, count: number): Promise<Uint8Array>;
}

/** Whether the bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** @throws EngineError bad-file for a damaged directory, one of more than 65,536 entries, or in which a name comes twice */
export function openArchive(archive: Uint8Array): Archive {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries = new Map<string, Entry>();
  for (const entry of directoryOf(archive, view)) {
    if (entries.has(entry.name)) throw damaged(`${shown(entry.name)} comes twice`);
    entries.set(entry.name, entry);
  }
  const bytesOf = (name: string) => {
    const entry = entries.get(name);
    if (!entry) throw new EngineError('bad-file', `the archive has no ${shown(name)}`, { field: shown(name) });
    return { entry, bytes: packedBytes(archive, view, entry) };
  };
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    read: async (name, most) => {
      const { entry, bytes } = bytesOf(name);
      if (entry.unpacked > most) {
        const message = `${shown(name)} unpacks to ${entry.unpacked} bytes; at most ${most} can be used`;
        throw new EngineError('bad-file', message, { field: shown(name), value: entry.unpacked, limit: most });
      }
      const whole = entry.method === STORED ? bytes : await inflate(bytes, entry.unpacked).catch(blame(name));
      if (whole.length !== entry.unpacked)
        throw damaged(`${shown(name)} has ${whole.length} bytes in place of ${entry.unpacked}`);
      if (crc32(whole) !== entry.crc) throw damaged(`the checksum of ${shown(name)} is another`);
      return whole;
    },
    readStart: async (name, count) => {
      const { entry, bytes } = bytesOf(name);
      return entry.method === STORED ? bytes.subarray(0, count) : inflateStart(bytes, count).catch(blame(name));
    },
  };
}

/** A name is a stranger's text of any length. */
const shown = (name: string) => name.slice(0, 80);

const damaged = (why: string) => new EngineError('bad-file', `the archive is damaged: ${why}`, { field: 'file' });

const blame = (name: string) => (error: Error) => {
  throw damaged(`${shown(name)}: ${error.message}`);
};

function directoryOf(archive: Uint8Array, view: DataView): Entry[] {
  const end = endOfDirectory(view);
  if (end === null) throw damaged('it has no directory');
  const { count, start } = directoryPlace(view, end);
  if (count > MOST_ENTRIES) throw damaged(`its directory says ${count} entries; at most ${MOST_ENTRIES} are read`);
  const entries: Entry[] = [];
  for (let at = start; entries.length < count; ) {
    if (at + ENTRY_BYTES > archive.length || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw damaged('its directory is cut off');
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const extra = at + ENTRY_BYTES + nameLength;
    const next = extra + extraLength + view.getUint16(at + 32, true);
    if (next > archive.length) throw damaged('its directory is cut off');
    const entry: Entry = {
      name: new TextDecoder().decode(archive.subarray(at + ENTRY_BYTES, extra)),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    read64(view, entry, extra, extra + extraLength);
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** How many entries the directory has and where it begins: in the last record, or in its 64-bit form where that says so. */
function directoryPlace(view: DataView, end: number): { count: number; start: number } {
  const place = { count: view.getUint16(end + 10, true), start: view.getUint32(end + 16, true) };
  const locator = end - LOCATOR_64_BYTES;
  const isSmall = place.count !== IS_64_SHORT && place.start !== IS_64_WORD;
  if (isSmall || locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) return place;
  const at = whole64(view, locator + 8);
  if (at + END_64_BYTES > view.byteLength || view.getUint32(at, true) !== END_64)
    throw damaged('its directory is not where it says');
  return { count: whole64(view, at + 32), start: whole64(view, at + 48) };
}

/** The numbers that do not fit into 32 bits stand in a field of the entry, in this order, those that are there. */
function read64(view: DataView, entry: Entry, from: number, to: number): void {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== FIELD_64) continue;
    let next = at + 4;
    const end = Math.min(to, next + view.getUint16(at + 2, true));
    for (const key of ['unpacked', 'packed', 'local'] as const) {
      if (entry[key] !== IS_64_WORD) continue;
      if (next + 8 > end) throw damaged(`a size of ${shown(entry.name)} is missing`);
      entry[key] = whole64(view, next);
      next += 8;
    }
    return;
  }
}

/** Past 2⁵³ rounded, which is past every file's end as well. */
const whole64 = (view: DataView, at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

function packedBytes(archive: Uint8Array, view: DataView, entry: Entry): Uint8Array {
  const { name, method, packed, unpacked, local } = entry;
  if (entry.isEncrypted) throw refused(name, 'it is encrypted; save it without a password');
  if (method !== STORED && method !== DEFLATED) {
    const way = OTHER_WAYS[method] ?? `way ${method} of compression`;
    throw refused(
      name,
      `it is compressed with ${way}, which is not read here; save it stored or deflated (numpy.savez)`,
    );
  }
  if (local + LOCAL_BYTES > archive.length || view.getUint32(local, true) !== LOCAL_HEADER)
    throw damaged(`${shown(name)} is not where its directory says`);
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (from + packed > archive.length) throw damaged(`${shown(name)} is cut off`);
  const most = method === STORED ? packed : (packed + 1) * MOST_RATIO;
  if (unpacked > most) {
    const message = `${shown(name)} says it unpacks to ${unpacked} bytes; at most ${most} are possible`;
    throw new EngineError('bad-file', message, { field: shown(name), value: unpacked, limit: most });
  }
  return archive.subarray(from, from + packed);
}

const refused = (name: string, why: string) =>
  new EngineError('bad-file', `${shown(name)}: ${why}`, { field: shown(name) });

/** Where the last record begins, with room for a comment after it; null where there is none. */
function endOfDirectory(view: DataView): number | null {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  return null;
}
