// Reader of NumPy's .npz: a zip archive of .npy files, stored or deflated. The file is treated as hostile.

import { EngineError } from './errors.ts';
import { parseNpy } from './npy.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { listZip, unzipEntry } from './zip.ts';

/** Largest unpacked entry, bytes. */
const MAX_ENTRY_BYTES = 512 * 1024 * 1024;
/** Deflate cannot pack tighter than 1032 : 1 (zlib's technical notes): a directory that says more is lying. */
const MAX_RATIO = 1032;
const SUFFIX = '.npy';

/** The names of the arrays, without unpacking them. @throws EngineError bad-file */
export function listNpz(bytes: Uint8Array): string[] {
  const entries = listZip(bytes).filter(({ name }) => name.endsWith(SUFFIX));
  return entries.map(({ name }) => name.slice(0, -SUFFIX.length));
}

/** Unpacks one array. @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes */
export async function parseNpzEntry(bytes: Uint8Array, name: string): Promise<StoredTensor> {
  const wanted = `${name}${SUFFIX}`;
  const entry = listZip(bytes).find((each) => each.name === wanted);
  if (!entry) throw new EngineError('bad-file', `the archive has no ${wanted}`, { field: wanted });
  const { packedBytes, unpackedBytes } = entry;
  const limit = Math.min(MAX_ENTRY_BYTES, (Math.min(packedBytes, bytes.length) + 1) * MAX_RATIO);
  if (unpackedBytes > limit) {
    const message = `${wanted} says it unpacks to ${unpackedBytes} bytes; at most ${limit} are possible`;
    throw new EngineError('bad-file', message, { field: wanted, value: unpackedBytes, limit });
  }
  return parseNpy(await unzipEntry(bytes, entry), name);
}
