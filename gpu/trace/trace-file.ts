// Traces in files: a JSON header and the columns one after the other, deflated.

import { EngineError } from '../core/errors.ts';
import { inflate } from '../core/inflate.ts';
import { packTrace } from './pack.ts';
import { RecordedTrace, type TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';

const MAGIC = new TextEncoder().encode('TILESCOPE-RECORDING 1\n');
/** More than this is not unpacked. */
const MOST_BYTES = 1 << 30;

interface Header {
  meta: TraceMeta;
  index: { name: string; type: string; length: number }[];
}

/** File layout: MAGIC, then deflate(header length u32, header JSON, columns as little-endian words). */
export async function encodeRecording(trace: Trace): Promise<Uint8Array> {
  const { deflateSync } = await import('fflate');
  const { meta, columns } = packTrace(trace);
  const index = Object.entries(columns).map(([name, column]) => ({
    name,
    type: column instanceof Float32Array ? 'f32' : 'u32',
    length: column.length,
  }));
  const json = new TextEncoder().encode(JSON.stringify({ meta, index }));
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
  const file = new Uint8Array(MAGIC.length + deflated.length);
  file.set(MAGIC);
  file.set(deflated, MAGIC.length);
  return file;
}

/** @throws EngineError bad-file when `file` is no recording, or damaged */
export async function decodeRecording(file: Uint8Array): Promise<RecordedTrace> {
  const bad = (why: string) => new EngineError('bad-file', `this is no recording: ${why}`, { field: 'recording' });
  if (MAGIC.some((byte, i) => file[i] !== byte)) throw bad('it does not begin like one');
  const bytes = await inflate(file.subarray(MAGIC.length), MOST_BYTES);
  if (typeof bytes === 'string')
    throw bad(bytes === 'damaged' ? 'it is damaged' : `it unpacks to more than ${MOST_BYTES} bytes`);
  try {
    const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + jsonLength)));
    if (header.meta.version !== 1) throw bad(`its version ${header.meta.version} is not known`);
    let at = Math.ceil((4 + jsonLength) / 4) * 4;
    const columns: Columns = {};
    for (const { name, type, length } of header.index) {
      const end = at + 4 * length;
      if (!Number.isInteger(length) || length < 0 || end > bytes.length) throw bad(`the column ${name} is cut off`);
      const words = bytes.slice(at, end).buffer;
      columns[name] = type === 'f32' ? new Float32Array(words) : new Uint32Array(words);
      at = end;
    }
    return new RecordedTrace(header.meta, columns);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw bad((error as Error).message);
  }
}
