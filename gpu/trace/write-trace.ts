// A trace as a file: a JSON header and the columns one after the other, deflated; this is the recording file format.

import { deflateSync, strToU8 } from 'fflate';
import { packTrace } from './pack.ts';
import { MAGIC } from './read-trace.ts';
import type { Trace } from './trace.ts';

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
