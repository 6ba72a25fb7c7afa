// Where one head's part of a tensor lies in its buffer, and the way back from an element to its token.

import type { Recording } from '../../exhibit/recording.ts';
import { countsOf, numberOf } from './settings.ts';

/** Where a tensor's rows and columns of one head lie in its buffer: element (r, c) at offset + r · rowStride + c. */
export interface HeadSlice {
  offset: number;
  rows: number;
  columns: number;
  rowStride: number;
}

export const AXIS_TENSORS: Record<string, 'query' | 'key'> = { q: 'query', out: 'query', k: 'key', v: 'key' };

/** The slice of `buffer` that belongs to (batch, head); null for buffers without elements. */
export function sliceOf(recording: Recording, buffer: string, batch: number, head: number): HeadSlice | null {
  const shape = recording.plan.buffers.find(({ name }) => name === buffer)?.shape;
  if (!shape || shape.some((extent) => extent === 0)) return null;
  const { heads } = countsOf(recording.config);
  if (AXIS_TENSORS[buffer] && shape.length >= 3) return tokenSlice(recording, buffer, shape, batch, head);
  if ((buffer === 's' || buffer === 'p') && shape.length >= 3) return scoreSlice(recording, shape, batch, head, heads);
  return rowSlice(recording, shape, batch, head);
}

/** [batch, tokens, heads, dim], or [tokens of all sequences, heads, dim] when packed. */
function tokenSlice(recording: Recording, buffer: string, shape: number[], batch: number, head: number): HeadSlice {
  const [own, dim] = shape.slice(-2) as [number, number];
  const heads = numberOf(recording.config, 'heads', own);
  const at = Math.floor(head / Math.max(heads / own, 1));
  const rowStride = own * dim;
  if (shape.length === 4) {
    const rows = shape[1]!;
    return { offset: batch * rows * rowStride + at * dim, rows, columns: dim, rowStride };
  }
  const lengths = lengthsOf(recording, AXIS_TENSORS[buffer]!, shape[0]!);
  const before = lengths.slice(0, batch).reduce((sum, length) => sum + length, 0);
  return { offset: before * rowStride + at * dim, rows: lengths[batch] ?? shape[0]!, columns: dim, rowStride };
}

/** One number per row and head: [batch, heads, rows] or [heads, rows]; anything else is shown whole, as one line. */
function rowSlice(recording: Recording, shape: number[], batch: number, head: number): HeadSlice {
  const { heads } = countsOf(recording.config);
  const total = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length === 3 && shape[1] === heads) {
    const rows = shape[2]!;
    return { offset: (batch * heads + head) * rows, rows, columns: 1, rowStride: 1 };
  }
  if (shape.length === 2 && shape[0] === heads) {
    return { offset: head * shape[1]!, rows: shape[1]!, columns: 1, rowStride: 1 };
  }
  return { offset: 0, rows: total, columns: 1, rowStride: 1 };
}

/** [batch, heads, rows, keys], or [heads, rows of all sequences, keys] when packed. */
function scoreSlice(recording: Recording, shape: number[], batch: number, head: number, heads: number): HeadSlice {
  const [rows, columns] = shape.slice(-2) as [number, number];
  if (shape.length === 4) return { offset: (batch * heads + head) * rows * columns, rows, columns, rowStride: columns };
  const lengths = lengthsOf(recording, 'query', rows);
  const before = lengths.slice(0, batch).reduce((sum, length) => sum + length, 0);
  return { offset: (head * rows + before) * columns, rows: lengths[batch] ?? rows, columns, rowStride: columns };
}

function lengthsOf({ config }: Recording, axis: 'query' | 'key', otherwise: number): number[] {
  const lengths = config[axis === 'key' ? 'seqlensK' : 'seqlensQ'];
  return Array.isArray(lengths) ? (lengths as number[]) : [otherwise];
}

/** Token and heads that an element of q, k, v, out, s or p belongs to; an element of a key head to all query heads that share it. */
export function tokenOfElement(
  recording: Recording,
  buffer: string,
  index: number,
): { batch: number; heads: [from: number, to: number]; axis: 'query' | 'key'; token: number } | null {
  const axis = AXIS_TENSORS[buffer] ?? (buffer === 's' || buffer === 'p' ? 'query' : null);
  if (!axis) return null;
  const counts = countsOf(recording.config);
  const { heads } = counts;
  for (let batch = 0; batch < counts.batch; batch++) {
    for (let head = 0; head < heads; head++) {
      const slice = sliceOf(recording, buffer, batch, head);
      if (!slice) return null;
      const token = Math.floor((index - slice.offset) / slice.rowStride);
      const column = index - slice.offset - token * slice.rowStride;
      if (token < 0 || token >= slice.rows || column >= slice.columns) continue;
      const sharing = axis === 'key' ? heads / counts.kvHeads : 1;
      return { batch, heads: [head, head + sharing], axis, token };
    }
  }
  return null;
}
