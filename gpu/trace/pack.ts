// Traces between threads and in files. Between threads: plain metadata and transferable columns. In a file: a JSON header and
// the columns one after the other, deflated; this is the recording file format.

import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { EngineError } from '../core/errors.ts';
import { RecordedTrace, type TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';
import { fromVersion1, type TraceMeta1 } from './version-1.ts';

export interface PackedTrace {
  meta: TraceMeta;
  columns: Columns;
}

/** @throws EngineError bad-input for a trace that did not come from a recording */
export function packTrace(trace: Trace): PackedTrace {
  if (trace instanceof RecordedTrace) return { meta: trace.meta, columns: trace.columns };
  throw new EngineError('bad-input', 'only a recorded trace can be packed', { field: 'trace' });
}

export function unpackTrace({ meta, columns }: PackedTrace): RecordedTrace {
  return new RecordedTrace(meta, columns);
}

/** The buffers to transfer with a packed trace. */
export function transferablesOf({ columns }: PackedTrace): ArrayBuffer[] {
  return [...new Set(Object.values(columns).map((column) => column.buffer as ArrayBuffer))];
}

const MAGIC = 'TILESCOPE-RECORDING 1\n';
/** A file that claims more than this is refused before anything is allocated. */
const MOST_BYTES = 1 << 30;

/** File layout: MAGIC, then deflate(header length u32, header JSON, columns as little-endian words). */
export function encodeRecording(trace: Trace): Uint8Array {
  const { meta, columns } = packTrace(trace);
  const index = Object.entries(columns).map(([name, column]) => ({
    name,
    type: column instanceof Float32Array ? 'f32' : 'u32',
    length: column.length,
  }));
  const json = strToU8(JSON.stringify({ meta, index }));
  const headerBytes = Math.ceil((4 + json.length) / 4) * 4;
  const total = index.reduce((sum, { length }) => sum + 4 * length, headerBytes);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = headerBytes;
  for (const column of Object.values(columns)) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  const deflated = deflateSync(bytes, { level: 6 });
  const magic = strToU8(MAGIC);
  const file = new Uint8Array(magic.length + deflated.length);
  file.set(magic);
  file.set(deflated, magic.length);
  return file;
}

/** @throws EngineError bad-file when `file` is no recording, or damaged */
export function decodeRecording(file: Uint8Array): RecordedTrace {
  const bad = (why: string) => new EngineError('bad-file', `this is no recording: ${why}`, { field: 'recording' });
  const magic = strToU8(MAGIC);
  if (magic.some((byte, i) => file[i] !== byte)) throw bad('it does not begin like one');
  let bytes: Uint8Array;
  let header: { meta: TraceMeta | TraceMeta1; index: { name: string; type: string; length: number }[] };
  try {
    bytes = inflateSync(file.subarray(magic.length));
    const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    header = JSON.parse(strFromU8(bytes.subarray(4, 4 + jsonLength)));
    const { version } = header.meta;
    if (version !== 1 && version !== 2) throw bad(`its version ${version} is not known`);
    let at = Math.ceil((4 + jsonLength) / 4) * 4;
    const columns: Columns = {};
    for (const { name, type, length } of header.index) {
      const end = at + 4 * length;
      if (!Number.isInteger(length) || length < 0 || end > bytes.length || end > MOST_BYTES)
        throw bad(`the column ${name} is cut off`);
      const words = bytes.slice(at, end).buffer;
      columns[name] = type === 'f32' ? new Float32Array(words) : new Uint32Array(words);
      at = end;
    }
    // JSON writes NaN, a count that is not known, as null.
    for (const total of header.meta.totals) {
      total.uniqueLoaded ??= Number.NaN;
      total.uniqueStored ??= Number.NaN;
    }
    const { meta } = header;
    return unpackTrace(meta.version === 1 ? fromVersion1(meta, columns) : { meta, columns });
  } catch (error) {
    if (error instanceof EngineError && error.code === 'bad-file') throw error;
    throw bad((error as Error).message);
  }
}
