// Reader of NumPy's .npz: a zip archive of .npy files, stored or deflated. The file is treated as hostile.

import { EngineError } from './errors.ts';
import { longestNpyHeader, parseNpy, readNpyHeader } from './npy.ts';
import { type DescribedTensor, ELEMENT_BYTES, requireUsable, type StoredTensor } from './stored-tensor.ts';
import { openArchive } from './unzip.ts';

export interface Npz {
  /** Of the arrays, none of them unpacked. */
  names: string[];
  /**
   * What an array's header says, the rest of it still packed.
   *
   * @throws EngineError bad-file
   */
  headerOf(name: string): Promise<DescribedTensor>;
  /**
   * Unpacks one array, once its header says that it can be used.
   *
   * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
   */
  open(name: string): Promise<StoredTensor>;
}

/** @throws EngineError bad-file */
export function openNpz(bytes: Uint8Array): Npz {
  const archive = openArchive(bytes);
  const headerOf = async (name: string) => {
    const entry = `${name}.npy`;
    if (!archive.has(entry)) throw new EngineError('bad-file', `the archive has no ${entry}`, { field: entry });
    return readNpyHeader(await archive.readStart(entry, longestNpyHeader), name);
  };
  return {
    names: archive.names.flatMap((entry) => (entry.endsWith('.npy') ? [entry.slice(0, -4)] : [])),
    headerOf,
    async open(name) {
      const { type, shape, dataStart } = await headerOf(name);
      const count = requireUsable(name, shape);
      return parseNpy(await archive.read(`${name}.npy`, dataStart + count * ELEMENT_BYTES[type]), name);
    },
  };
}
