// The tensors of a file somebody dropped on the page: .safetensors, .npz or .npy, told apart by their first bytes, and by the file's name
// where those say nothing: so a damaged file is refused as what it was meant to be. Nothing is unpacked before it is opened.

import { isNpy, parseNpy } from './npy.ts';
import { isZip, listNpz, parseNpzEntry } from './npz.ts';
import { parseSafetensors } from './safetensors.ts';
import type { StoredTensor } from './stored-tensor.ts';

export interface TensorFile {
  names: string[];
  /** @throws EngineError bad-file */
  open(name: string): StoredTensor;
}

/**
 * @returns a .npy as the one tensor that it is: it has no name in it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function openTensorFile(bytes: Uint8Array, file: string): TensorFile | StoredTensor {
  if (isNpy(bytes) || (/\.npy$/i.test(file) && !isZip(bytes))) return parseNpy(bytes, file);
  if (isZip(bytes) || /\.npz$/i.test(file))
    return { names: listNpz(bytes), open: (name) => parseNpzEntry(bytes, name) };
  const tensors = parseSafetensors(bytes);
  return { names: [...tensors.keys()], open: (name) => tensors.get(name)! };
}
