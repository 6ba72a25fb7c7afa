// Reader of NumPy's .npz: a zip archive of .npy files, stored or deflated. The file is treated as hostile.

import { unzipSync } from 'fflate';
import { EngineError } from './errors.ts';
import { parseNpy } from './npy.ts';
import type { StoredTensor } from './stored-tensor.ts';

/** Largest unpacked entry, bytes. */
const MAX_ENTRY_BYTES = 512 * 1024 * 1024;
/** Deflate cannot pack tighter than 1032 : 1 (zlib's technical notes): a directory that says more is lying. */
const MAX_RATIO = 1032;

/** Whether the bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The names of the arrays, without unpacking them. @throws EngineError bad-file */
export function listNpz(bytes: Uint8Array): string[] {
  const names: string[] = [];
  unzip(bytes, (entry) => {
    if (entry.endsWith('.npy')) names.push(entry.slice(0, -4));
    return false;
  });
  return names;
}

/** Unpacks one array. @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes */
export function parseNpzEntry(bytes: Uint8Array, name: string): StoredTensor {
  const entry = `${name}.npy`;
  const unpacked = unzip(bytes, (candidate) => candidate === entry)[entry];
  if (!unpacked) throw new EngineError('bad-file', `the archive has no ${entry}`, { field: entry });
  return parseNpy(unpacked, name);
}

function unzip(bytes: Uint8Array, wanted: (entry: string) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!wanted(name)) return false;
        // What the directory says is allocated; it cannot truthfully be more than the file's bytes unpack to.
        const limit = Math.min(MAX_ENTRY_BYTES, (Math.min(size, bytes.length) + 1) * MAX_RATIO);
        if (originalSize <= limit) return true;
        const message = `${name} says it unpacks to ${originalSize} bytes; at most ${limit} are possible`;
        throw new EngineError('bad-file', message, { field: name, value: originalSize, limit });
      },
    });
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('bad-file', `the archive is damaged: ${String(error)}`, { field: 'zip' });
  }
}
