// Reads the recording file format (write-trace.ts).

import { EngineError } from '../core/errors.ts';
import { inflate, inflateStart } from '../core/inflate.ts';
import { badRecording, isCount, isName, isRecord } from './header-values.ts';
import { unpackTrace } from './pack.ts';
import type { RecordedTrace, TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { TraceMeta1 } from './version-1.ts';

export const MAGIC = 'TILESCOPE-RECORDING 1\n';
/** Of the unpacked file: twice what a recorder may write, in columns, and its header. */
const MOST_BYTES = 2 ** 27;
const MOST_HEADER_BYTES = 2 ** 23;
const MOST_COLUMNS = 10_000;
/** Recorded words pack to a tenth or so; a file that unpacks to more than this times its size, and a little, holds nothing that was recorded. */
const MOST_RATIO = 200;
const SMALL_BYTES = 2 ** 20;

interface Header {
  meta: TraceMeta | TraceMeta1;
  index: { name: string; type: string; length: number }[];
}

/** Looks at a trace of which nothing was looked at yet. @throws EngineError bad-file */
export type CheckTrace = (meta: TraceMeta, columns: Columns) => void;

/**
 * @param check of a file that somebody gave; what is shipped is our own
 * @throws EngineError bad-file when `file` is no recording, damaged, or contradicts itself
 */
export async function decodeRecording(file: Uint8Array, check?: CheckTrace): Promise<RecordedTrace> {
  const bad = (why: string, value?: unknown, limit?: unknown) =>
    new EngineError('bad-file', `this is no recording: ${why}`, { field: 'recording', value, limit });
  const magic = new TextEncoder().encode(MAGIC);
  if (magic.some((byte, i) => file[i] !== byte)) throw bad('it does not begin like one');
  const packed = file.subarray(magic.length);
  const start = await inflateStart(packed, 4);
  if (start.length < 4) throw bad('it ends before its header');
  const jsonLength = new DataView(start.buffer).getUint32(0, true);
  const most = Math.min(MOST_BYTES, SMALL_BYTES + MOST_RATIO * file.length);
  const mostOfHeader = Math.min(MOST_HEADER_BYTES, most);
  if (jsonLength > mostOfHeader)
    throw bad(`its header has ${jsonLength} bytes; at most ${mostOfHeader} are read`, jsonLength, mostOfHeader);
  const { meta, index } = headerOf((await inflateStart(packed, 4 + jsonLength)).subarray(4), bad);
  const dataStart = Math.ceil((4 + jsonLength) / 4) * 4;
  const total = index.reduce((sum, { length }) => sum + 4 * length, dataStart);
  if (total > most)
    throw bad(`it says it unpacks to ${total} bytes; at most ${most} are read of one this size`, total, most);
  const bytes = await inflate(packed, total);
  if (bytes.length < total) throw bad(`it has ${bytes.length} bytes in place of ${total}: its columns are cut off`);
  const columns = columnsOf(bytes, index, dataStart);
  try {
    const whole = meta.version === 1 ? (await import('./version-1.ts')).fromVersion1(meta, columns) : { meta, columns };
    // JSON writes NaN, a count that is not known, as null.
    for (const total of whole.meta.totals) {
      total.uniqueLoaded ??= Number.NaN;
      total.uniqueStored ??= Number.NaN;
    }
    check?.(whole.meta, whole.columns);
    return unpackTrace(whole);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'bad-file') throw error;
    // A header of which hardly anything is right breaks off before it can be looked at.
    throw bad('its header is not one of a trace');
  }
}

function headerOf(json: Uint8Array, bad: (why: string, value?: unknown) => EngineError): Header {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw bad('its header is no JSON');
  }
  if (!isRecord(header) || !isRecord(header.meta)) throw bad('its header is not one of a trace');
  const { version } = header.meta;
  if (version === undefined) throw bad('it does not say its version', version);
  if (version !== 1 && version !== 2) throw bad(`its version ${String(version).slice(0, 20)} is not known`, version);
  const { index } = header;
  const isColumn = (entry: unknown) =>
    isRecord(entry) &&
    isName(entry.name) &&
    (entry.type === 'f32' || entry.type === 'u32') &&
    isCount(entry.length, MOST_BYTES);
  if (!Array.isArray(index) || index.length > MOST_COLUMNS || !index.every(isColumn))
    throw bad('its list of columns cannot be read');
  return header as unknown as Header;
}

function columnsOf(bytes: Uint8Array, index: Header['index'], dataStart: number): Columns {
  const columns: Columns = Object.create(null);
  let at = dataStart;
  for (const { name, type, length } of index) {
    if (columns[name]) throw badRecording(name, 'comes twice');
    const words = bytes.slice(at, at + 4 * length).buffer;
    columns[name] = type === 'f32' ? new Float32Array(words) : new Uint32Array(words);
    at += 4 * length;
  }
  return columns;
}
