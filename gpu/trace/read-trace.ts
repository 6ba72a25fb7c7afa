// Reads the recording file format (write-trace.ts).

import { EngineError } from '../core/errors.ts';
import { inflate } from '../core/inflate.ts';
import { unpackTrace } from './pack.ts';
import type { RecordedTrace, TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { TraceMeta1 } from './version-1.ts';

export const MAGIC = 'TILESCOPE-RECORDING 1\n';
/** A file that claims more than this is refused before anything is allocated. */
const MOST_BYTES = 1 << 30;

/** @throws EngineError bad-file when `file` is no recording, or damaged */
export async function decodeRecording(file: Uint8Array): Promise<RecordedTrace> {
  const bad = (why: string) => new EngineError('bad-file', `this is no recording: ${why}`, { field: 'recording' });
  const magic = new TextEncoder().encode(MAGIC);
  if (magic.some((byte, i) => file[i] !== byte)) throw bad('it does not begin like one');
  let bytes: Uint8Array;
  let header: { meta: TraceMeta | TraceMeta1; index: { name: string; type: string; length: number }[] };
  try {
    bytes = await inflate(file.subarray(magic.length), MOST_BYTES);
    const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + jsonLength)));
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
    return unpackTrace(
      meta.version === 1 ? (await import('./version-1.ts')).fromVersion1(meta, columns) : { meta, columns },
    );
  } catch (error) {
    if (error instanceof EngineError && error.code === 'bad-file') throw error;
    throw bad((error as Error).message);
  }
}
