// Reader of NumPy's .npy: magic, version, a Python dict literal with type, order and shape, then the data.
// Source: NumPy Enhancement Proposal 1 and numpy/lib/format.py, versions 1.0 to 3.0. The file is treated as hostile.

import { EngineError } from './errors.ts';
import { checkedElementCount, ELEMENT_BYTES, type ElementType, type StoredTensor } from './stored-tensor.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy itself refuses longer headers. */
const MAX_HEADER_BYTES = 10_000;

const TYPES: Readonly<Record<string, ElementType>> = {
  '<f2': 'f16',
  '<f4': 'f32',
  '<f8': 'f64',
  '<i4': 'i32',
  '<i8': 'i64',
};

// A dict of exactly these three keys in any order; the lookaheads see one key each, the rest fixes the form.
const HEADER =
  /^\{(?=.*'descr': *'([^']*)')(?=.*'fortran_order': *(True|False))(?=.*'shape': *\(([\d, ]*)\))(?: *'(?:descr|fortran_order|shape)': *(?:'[^']*'|True|False|\([\d, ]*\)) *,?){3} *\}[ \n]*$/;

/** Whether the bytes begin like a .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The file's one array, as a view into `bytes`. Types: little-endian f2, f4, f8, i4, i8.
 *
 * @param name what errors call it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export function parseNpy(bytes: Uint8Array, name: string): StoredTensor {
  const bad = (field: string, value: unknown, limit: unknown, message: string) =>
    new EngineError('bad-file', `${name}: ${message}`, { field: `${name}.${field}`, value, limit });
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
  const match = HEADER.exec(text);
  if (!match) {
    const message = 'the header is not a dict of descr (a plain type), fortran_order and shape';
    throw bad('header', text.slice(0, 200), undefined, message);
  }
  const [, descr = '', order, extents = ''] = match;
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (!type) {
    const known = Object.keys(TYPES);
    throw bad('descr', descr, known, `elements of type ${descr} are not read; ${known.join(', ')} are`);
  }
  const shape = extents.split(',').map((extent) => extent.trim());
  if (shape.at(-1) === '') shape.pop();
  const sizes = shape.map((extent) => (extent === '' ? Number.NaN : Number(extent)));
  const expected = checkedElementCount(name, sizes) * ELEMENT_BYTES[type];
  const data = bytes.subarray(prefix + length);
  if (data.length !== expected) {
    const message = `${descr} [${sizes.join(', ')}] takes ${expected} bytes, the file holds ${data.length}`;
    throw bad('shape', data.length, expected, message);
  }
  return { name, type, shape: sizes, bytes: data, firstAxisFastest: order === 'True' && sizes.length > 1 };
}
