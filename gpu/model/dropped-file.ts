// q, k and v from a file somebody dropped on the page: .safetensors, .npy or .npz, told apart by their first bytes,
// and by the file's name where those say nothing: so a damaged file is refused as what it was meant to be.
//
// Axes: 4-D is [batch, tokens, heads, headDim] (flash-attention's order), 3-D [tokens, heads, headDim], 2-D [tokens, headDim].
// .safetensors and .npz hold three tensors called q, k, v (or query, key, value; any case; also as the last part of a dotted name,
// if only one tensor ends so). A .npy holds all three stacked along its first axis: [3, …].

import { EngineError } from '../core/errors.ts';
import { isNpy, parseNpy } from '../core/npy.ts';
import { isZip, listNpz, parseNpzEntry } from '../core/npz.ts';
import { parseSafetensors } from '../core/safetensors.ts';
import { ELEMENT_BYTES, type StoredTensor, toFloat32 } from '../core/stored-tensor.ts';
import { elementCount, type Tensor } from '../core/tensor.ts';

/** Each [batch, tokens, heads, headDim], f32; k and v may have fewer heads (grouped-query). */
export type AttentionInputs = Record<'q' | 'k' | 'v', Tensor>;

const NAMES = { q: ['q', 'query'], k: ['k', 'key'], v: ['v', 'value'] } as const;
const PARTS = ['q', 'k', 'v'] as const;

/**
 * @param name the file's name: every message says it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function attentionInputsFromFile(bytes: Uint8Array, name: string): AttentionInputs {
  try {
    return readInputs(bytes, name);
  } catch (error) {
    if (!(error instanceof EngineError) || error.message.startsWith(name)) throw error;
    const { code, message, field, value, limit } = error;
    throw new EngineError(code, `${name}: ${message.replace(/^safetensors: /, '')}`, { field, value, limit });
  }
}

function readInputs(bytes: Uint8Array, name: string): AttentionInputs {
  const isStack = isNpy(bytes) || (/\.npy$/i.test(name) && !isZip(bytes));
  const stored = isStack ? unstack(parseNpy(bytes, name)) : pick(openArchive(bytes, name), name);
  const shapes = PARTS.map((part) => fourAxes(part, stored[part].shape));
  checkShapes(shapes, name);
  const [q, k, v] = PARTS.map((part, i) => ({ ...toFloat32(stored[part]), shape: shapes[i]! }));
  return { q: q!, k: k!, v: v! };
}

interface Archive {
  names: string[];
  open(name: string): StoredTensor;
}

function openArchive(bytes: Uint8Array, file: string): Archive {
  if (isZip(bytes) || /\.npz$/i.test(file))
    return { names: listNpz(bytes), open: (name) => parseNpzEntry(bytes, name) };
  const tensors = parseSafetensors(bytes);
  return { names: [...tensors.keys()], open: (name) => tensors.get(name)! };
}

function pick({ names, open }: Archive, file: string): Record<'q' | 'k' | 'v', StoredTensor> {
  const find = (part: 'q' | 'k' | 'v') => {
    const wanted: readonly string[] = NAMES[part];
    const whole = names.filter((name) => wanted.includes(name.toLowerCase()));
    const last = names.filter((name) => wanted.includes(name.toLowerCase().split(/[./]/).at(-1)!));
    const candidates = whole.length > 0 ? whole : last;
    if (candidates.length === 1) return open(candidates[0]!);
    const listed = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
    const message =
      candidates.length > 1
        ? `${file} has several tensors for ${part}: ${candidates.slice(0, 6).join(', ')}`
        : `${file} has no tensor called ${wanted.join(' or ')}; it has ${listed || 'no readable tensor'}`;
    throw new EngineError('bad-file', message, { field: part, value: candidates, limit: wanted });
  };
  return { q: find('q'), k: find('k'), v: find('v') };
}

/** [3, …] → three tensors. In Fortran order the three lie interleaved, so that case is put in order first. */
function unstack(stored: StoredTensor): Record<'q' | 'k' | 'v', StoredTensor> {
  const { name, shape } = stored;
  if (shape[0] !== 3 || shape.length < 3) {
    const message = `${name}: a .npy must hold q, k and v stacked, [3, …] with 3 to 5 axes; it is [${shape.join(', ')}]`;
    throw new EngineError('bad-file', message, { field: `${name}.shape`, value: shape, limit: [3, '…'] });
  }
  const ordered = stored.firstAxisFastest ? rowMajor(stored) : stored;
  const inner = shape.slice(1);
  const size = elementCount(inner) * ELEMENT_BYTES[ordered.type];
  const part = (i: number): StoredTensor => ({
    name: `${name} ${PARTS[i]}`,
    type: ordered.type,
    shape: inner,
    bytes: ordered.bytes.subarray(i * size, (i + 1) * size),
  });
  return { q: part(0), k: part(1), v: part(2) };
}

function rowMajor(stored: StoredTensor): StoredTensor {
  const { data } = toFloat32(stored);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name: stored.name, type: 'f32', shape: stored.shape, bytes };
}

function fourAxes(part: string, shape: readonly number[]): number[] {
  const [a, b, c, d] = shape as [number, number, number, number];
  if (shape.some((extent) => extent < 1)) {
    throw new EngineError('bad-file', `${part} is empty: [${shape.join(', ')}]`, {
      field: part,
      value: shape,
      limit: 1,
    });
  }
  if (shape.length === 2) return [1, a, 1, b];
  if (shape.length === 3) return [1, a, b, c];
  if (shape.length === 4) return [a, b, c, d];
  const message = `${part} has ${shape.length} axes; 2 to 4 are read ([batch,] tokens, [heads,] headDim)`;
  throw new EngineError('bad-file', message, { field: part, value: shape, limit: [2, 4] });
}

function checkShapes([q, k, v]: number[][], file: string): void {
  const must = (holds: boolean, field: string, value: unknown, limit: unknown, message: string) => {
    if (!holds) throw new EngineError('bad-file', `${file}: ${message}`, { field, value, limit });
  };
  const [batch, , heads, headDim] = q as [number, number, number, number];
  const [kBatch, , kHeads, kDim] = k as [number, number, number, number];
  must(kBatch === batch, 'k', k, q, `k has ${kBatch} sequences and q ${batch}; both must have as many`);
  must(kDim === headDim, 'k', k, q, `k has ${kDim} numbers per head and q ${headDim}; both must have as many`);
  must(heads % kHeads === 0, 'k', k, q, `${heads} query heads cannot share ${kHeads} key heads evenly`);
  must(
    v!.every((extent, axis) => extent === k![axis]),
    'v',
    v,
    k,
    `k and v must have the same shape; k is [${k!.join(', ')}] and v [${v!.join(', ')}]`,
  );
}
