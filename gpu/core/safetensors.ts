// Reader of .safetensors: a u64 header length, a JSON header of names, types, shapes and byte ranges, then the data.
// Source: https://huggingface.co/docs/safetensors (format section). The file is treated as hostile.

import { EngineError } from './errors.ts';
import { checkedElementCount, ELEMENT_BYTES, type ElementType, type StoredTensor } from './stored-tensor.ts';

/** Largest header read, bytes; that of a model with 100 000 tensors is about 10 MB. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

const TYPES: Readonly<Record<string, ElementType>> = {
  F16: 'f16',
  BF16: 'bf16',
  F32: 'f32',
  F64: 'f64',
  I32: 'i32',
  I64: 'i64',
};

/** A tensor whose elements are not read here. */
export interface UnreadTensor {
  name: string;
  /** As the file calls it: F8_E4M3, BOOL … */
  dtype: string;
}

/** A tensor's entry in the header, and which bytes of the data are its own. */
interface Entry {
  tensor: StoredTensor | UnreadTensor;
  begin: number;
  end: number;
}

/**
 * The tensors by name, as views into `bytes`. Types: F16, BF16, F32, F64, I32 and I64; of others only name and type.
 *
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function parseSafetensors(bytes: Uint8Array): Map<string, StoredTensor | UnreadTensor> {
  const { header, dataStart } = readHeader(bytes);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header).flatMap(([name, entry]) =>
    name === '__metadata__' ? [] : [readEntry(name, entry, data)],
  );
  refuseOverlaps(entries);
  return new Map(entries.map(({ tensor }) => [tensor.name, tensor]));
}

/** The format allows none: one tensor would say what another is. */
function refuseOverlaps(entries: readonly Entry[]): void {
  const used = entries.filter(({ begin, end }) => begin < end).sort((a, b) => a.begin - b.begin);
  for (const [i, { tensor, begin, end }] of used.entries()) {
    const before = used[i - 1];
    if (!before || before.end <= begin) continue;
    const message = `${tensor.name}: bytes ${begin} to ${end} overlap those of ${before.tensor.name}, which end at ${before.end}`;
    throw bad(`${tensor.name}.data_offsets`, [begin, end], before.end, message);
  }
}

/** @throws EngineError bad-file naming the type */
export function requireRead(tensor: StoredTensor | UnreadTensor): StoredTensor {
  if ('bytes' in tensor) return tensor;
  const { name, dtype } = tensor;
  const known = Object.keys(TYPES);
  const message = `${name} is stored as ${dtype}, which is not read here; ${known.join(', ')} are: convert it`;
  throw bad(`${name}.dtype`, dtype, known, message);
}

function readHeader(bytes: Uint8Array): { header: object; dataStart: number } {
  if (bytes.length < 8)
    throw bad('header length', bytes.length, 8, `the file has ${bytes.length} bytes, too few for a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Two halves: a length past 2⁵³ must not be rounded into range.
  const [low, high] = [view.getUint32(0, true), view.getUint32(4, true)];
  const length = high * 2 ** 32 + low;
  const limit = Math.min(bytes.length - 8, MAX_HEADER_BYTES);
  if (length > limit)
    throw bad('header length', length, limit, `the header says it has ${length} bytes; at most ${limit} fit`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw bad('header', undefined, undefined, 'the header is not JSON');
  }
  if (!isObject(header)) throw bad('header', undefined, undefined, 'the header is no JSON object');
  return { header, dataStart: 8 + length };
}

function readEntry(name: string, entry: unknown, data: Uint8Array): Entry {
  if (!isObject(entry)) throw bad(name, entry, undefined, `${name} has no entry of type, shape and offsets`);
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (typeof dtype !== 'string') throw bad(`${name}.dtype`, dtype, Object.keys(TYPES), `${name} has no element type`);
  if (!Array.isArray(shape)) throw bad(`${name}.shape`, shape, undefined, `${name} has no shape`);
  const count = checkedElementCount(name, shape);
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
  if (!isOffset(begin) || !isOffset(end) || begin > end || end > data.length) {
    const message = `${name}: bytes ${String(begin)} to ${String(end)} are not in the file's ${data.length} bytes of data`;
    throw bad(`${name}.data_offsets`, offsets, data.length, message);
  }
  const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!type) return { tensor: { name, dtype: dtype.slice(0, 40) }, begin, end };
  const expected = count * ELEMENT_BYTES[type];
  if (end - begin !== expected) {
    const message = `${name}: ${dtype} [${shape.join(', ')}] takes ${expected} bytes, ${end - begin} are given`;
    throw bad(`${name}.data_offsets`, end - begin, expected, message);
  }
  return { tensor: { name, type, shape: shape as number[], bytes: data.subarray(begin, end) }, begin, end };
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(field: string, value: unknown, limit: unknown, message: string): EngineError {
  return new EngineError('bad-file', `safetensors: ${message}`, { field, value, limit });
}
