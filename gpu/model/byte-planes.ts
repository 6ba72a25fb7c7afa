// Weights as public/models keeps them: little-endian numbers of all tensors in a row, the first bytes of all, then the second bytes, and
// so on, in one zlib stream. Bytes of one rank resemble each other, so they pack better than numbers would.

import { EngineError } from '../core/errors.ts';
import { inflate } from '../core/inflate.ts';
import { ELEMENT_BYTES, toFloat32 } from '../core/stored-tensor.ts';
import { elementCount, type Tensor } from '../core/tensor.ts';

export interface PlanesFacts {
  file: string;
  encoding: keyof typeof TYPES;
  elements: number;
  /** Offsets in elements. */
  tensors: { name: string; shape: number[]; offset: number }[];
}

const TYPES = { 'zlib-f16-byte-planes': 'f16', 'zlib-f32-byte-planes': 'f32' } as const;

/**
 * Float32 tensors by name, each with an array of its own, so that it can be transferred alone.
 *
 * @throws EngineError bad-file for bytes that do not unpack to the elements promised, or a tensor past their end
 */
export async function unpackPlanes(packed: Uint8Array, facts: PlanesFacts): Promise<Record<string, Tensor>> {
  const { elements, file } = facts;
  const type = TYPES[facts.encoding];
  const size = ELEMENT_BYTES[type];
  const planes = await inflate(packed, elements * size, 'deflate').catch(() => null);
  if (planes?.length !== elements * size) {
    const limit = elements * size;
    throw new EngineError('bad-file', `${file} does not unpack to ${limit} bytes`, { field: file, limit });
  }
  return Object.fromEntries(
    facts.tensors.map(({ name, shape, offset }) => {
      const length = elementCount(shape);
      if (offset + length > elements) {
        const facts = { field: `manifest.json: ${name}`, value: offset + length, limit: elements };
        throw new EngineError('bad-file', `manifest.json: ${name} ends past the weights`, facts);
      }
      const bytes = new Uint8Array(length * size);
      for (let plane = 0; plane < size; plane++) {
        for (let i = 0, at = plane * elements + offset; i < length; i++, at++) bytes[i * size + plane] = planes[at]!;
      }
      return [name, toFloat32({ name, type, shape, bytes })];
    }),
  );
}
