// The tensors of a file somebody dropped on the page: .safetensors, .npz or .npy, told apart by their first bytes, and by the file's name
// where those say nothing: so a damaged file is refused as what it was meant to be. Nothing is unpacked before it is opened.

import { isNpy, parseNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { parseSafetensors, requireRead } from './safetensors.ts';
import type { DescribedTensor, StoredTensor } from './stored-tensor.ts';
import { isZip } from './unzip.ts';

export interface TensorFile {
  names: string[];
  /** Names of tensors that are there but cannot be opened, each with the type that is not read. */
  unread: ReadonlyMap<string, string>;
  /** Type and shape; what is packed stays so. @throws EngineError bad-file */
  headerOf(name: string): Promise<DescribedTensor>;
  /** @throws EngineError bad-file */
  open(name: string): Promise<StoredTensor>;
}

/**
 * @returns a .npy as the one tensor that it is: it has no name in it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function openTensorFile(bytes: Uint8Array, file: string): TensorFile | StoredTensor {
  if (isNpy(bytes) || (/\.npy$/i.test(file) && !isZip(bytes))) return parseNpy(bytes, file);
  if (isZip(bytes) || /\.npz$/i.test(file)) return { ...openNpz(bytes), unread: new Map() };
  const tensors = parseSafetensors(bytes);
  const read = async (name: string) => requireRead(tensors.get(name)!);
  const unread = [...tensors.values()].flatMap((each) => ('dtype' in each ? [[each.name, each.dtype] as const] : []));
  return {
    names: [...tensors.keys()],
    unread: new Map(unread),
    headerOf: read,
    open: read,
  };
}
