// Reader of NumPy's .npy: magic, version, a Python dict literal with type, order and shape, then the data.
// Source: NumPy Enhancement Proposal 1 and numpy/lib/format.py, versions 1.0 to 3.0. The file is treated as hostile.

import { EngineError } from './errors.ts';
import { NoHeader, type NpyHeader, parseNpyHeader } from './npy-header.ts';
import { checkedElementCount, ELEMENT_BYTES, type ElementType, type StoredTensor } from './stored-tensor.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy itself refuses longer headers. */
const MAX_HEADER_BYTES = 10_000;
/** Bytes from the beginning that hold every header there can be. */
export const longestNpyHeader = 12 + MAX_HEADER_BYTES;

const TYPES: Readonly<Record<string, ElementType>> = { f2: 'f16', f4: 'f32', f8: 'f64', i4: 'i32', i8: 'i64' };
const KNOWN = Object.keys(TYPES);
/** Byte order before the type: little, big, or that of the machine that wrote it, which today is little. */
const ORDERS = '<>=';

/** Whether the bytes begin like a .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** What the header says: element type, shape, order, and where the data begins. */
interface Described extends Omit<StoredTensor, 'bytes'> {
  /** NumPy's own name of the type. */
  descr: string;
  dataStart: number;
}

type Bad = (field: string, value: unknown, limit: unknown, message: string) => EngineError;
const badIn =
  (name: string): Bad =>
  (field, value, limit, message) =>
    new EngineError('bad-file', `${name}: ${message}`, { field: `${name}.${field}`, value, limit });

/**
 * @param bytes the file, or as much of its beginning as holds the header
 * @param name what errors call it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function readNpyHeader(bytes: Uint8Array, name: string): Described {
  const bad = badIn(name);
  if (!isNpy(bytes)) {
    const message = `this is no .npy file: it has ${bytes.length} bytes and does not begin like one`;
    throw bad('magic', undefined, undefined, message);
  }
  const major = bytes[6];
  if (major !== 1 && major !== 2 && major !== 3)
    throw bad('version', major, 3, `version ${major} of .npy is not known`);
  const prefix = major === 1 ? 10 : 12;
  if (bytes.length < prefix) throw bad('header', bytes.length, prefix, 'the file ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const limit = Math.min(bytes.length - prefix, MAX_HEADER_BYTES);
  if (length > limit)
    throw bad('header', length, limit, `the header says it has ${length} bytes; at most ${limit} fit`);

  const text = new TextDecoder('latin1').decode(bytes.subarray(prefix, prefix + length));
  const { descr, isFortranOrder, shape } = headerOf(text, bad);
  if (descr === null) {
    const message = `its elements have several fields (a structured type); one number each is read: ${KNOWN.join(', ')}`;
    throw bad('descr', text.slice(0, 200), KNOWN, message);
  }
  const [order = ' ', kind] = [descr[0], descr.slice(1)];
  const type = ORDERS.includes(order) && Object.hasOwn(TYPES, kind) ? TYPES[kind] : undefined;
  if (!type)
    throw bad('descr', descr, KNOWN, `elements of type ${descr.slice(0, 40)} are not read; ${KNOWN.join(', ')} are`);
  checkedElementCount(name, shape);
  return {
    name,
    type,
    shape,
    descr,
    dataStart: prefix + length,
    firstAxisFastest: isFortranOrder && shape.length > 1,
    isBigEndian: order === '>',
  };
}

/**
 * The file's one array, as a view into `bytes`. Types: f2, f4, f8, i4, i8, of either byte order.
 *
 * @param name what errors call it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function parseNpy(bytes: Uint8Array, name: string): StoredTensor {
  const { descr, dataStart, ...stored } = readNpyHeader(bytes, name);
  const expected = checkedElementCount(name, stored.shape) * ELEMENT_BYTES[stored.type];
  const data = bytes.subarray(dataStart);
  if (data.length !== expected) {
    const message = `${descr} [${stored.shape.join(', ')}] takes ${expected} bytes, the file holds ${data.length}`;
    throw badIn(name)('shape', data.length, expected, message);
  }
  return { ...stored, bytes: data };
}

function headerOf(text: string, bad: Bad): NpyHeader {
  try {
    return parseNpyHeader(text);
  } catch (error) {
    if (!(error instanceof NoHeader)) throw error;
    const message = `the header is no dict of descr, fortran_order and shape: ${error.message}`;
    throw bad('header', text.slice(0, 200), undefined, message);
  }
}
