// Sizes of an attention problem: from the shapes of its inputs, else from the config, else defaults.

import { EngineError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';

export interface Sizes {
  batch: number;
  heads: number;
  kvHeads: number;
  nq: number;
  nk: number;
  headDim: number;
  packed: boolean;
  /** [batch]; whole sequences where nothing else was said. */
  seqlensQ: number[];
  seqlensK: number[];
}

type Given = { [Key in keyof Sizes]?: Sizes[Key] | undefined };

const DEFAULTS = { batch: 1, heads: 1, nq: 64, headDim: 32 };

/**
 * @param given size keys of the config; those that inputs define may be absent, and must agree where present
 * @throws EngineError shape-mismatch, bad-input, bad-config, each naming the field
 */
export function readSizes(given: Given, inputs?: Record<string, Tensor>): Sizes {
  const { q, k, v, cu_seqlens_q: cuQ, cu_seqlens_k: cuK } = inputs ?? {};
  if (!q && !k && !v) return complete(agree(given, cumulative({}, cuQ, cuK)));
  for (const [name, tensor] of Object.entries({ q, k, v })) {
    if (!tensor) throw new EngineError('bad-input', `q, k and v come together; ${name} is missing`, { field: name });
  }
  const packed = cuQ !== undefined || cuK !== undefined;
  const axes = packed ? 3 : 4;
  requireRank('q', q!, axes);
  requireRank('k', k!, axes);
  requireSame('v', v!.shape, k!.shape);
  const [heads, headDim] = q!.shape.slice(-2) as [number, number];
  const [kvHeads, keyDim] = k!.shape.slice(-2) as [number, number];
  if (keyDim !== headDim) requireSame('k', k!.shape, [...k!.shape.slice(0, -1), headDim]);
  if (packed) {
    const found = cumulative({ heads, kvHeads, headDim, packed }, cuQ, cuK);
    const sizes = complete(agree(given, found));
    requireRows('q', q!, sizes.seqlensQ);
    requireRows('k', k!, sizes.seqlensK);
    return sizes;
  }
  const [batch, nq] = q!.shape as [number, number];
  const [keyBatch, nk] = k!.shape as [number, number];
  if (keyBatch !== batch) requireSame('k', k!.shape, [batch, ...k!.shape.slice(1)]);
  return complete(agree(given, { batch, heads, kvHeads, nq, nk, headDim, packed: false }));
}

function requireRank(field: string, { shape }: Tensor, rank: number): void {
  if (shape.length === rank) return;
  const axes = rank === 3 ? '[rows, heads, headDim], since cu_seqlens was given' : '[batch, rows, heads, headDim]';
  throw new EngineError('shape-mismatch', `${field}: shape [${shape.join(', ')}] is not ${axes}`, {
    field,
    value: shape,
    limit: axes,
  });
}

function requireSame(field: string, value: number[], limit: number[]): void {
  if (value.length === limit.length && value.every((extent, axis) => extent === limit[axis])) return;
  throw new EngineError('shape-mismatch', `${field}: shape [${value.join(', ')}] given, [${limit.join(', ')}] needed`, {
    field,
    value,
    limit,
  });
}

function requireRows(field: string, { shape }: Tensor, seqlens: number[]): void {
  const rows = seqlens.reduce((sum, length) => sum + length, 0);
  requireSame(field, shape, [rows, ...shape.slice(1)]);
}

/** As many as the config's `batch` may say. */
const MOST_SEQUENCES = 65_535;

/** Adds what the cumulative lengths say. */
function cumulative(sizes: Given, cuQ?: Tensor, cuK?: Tensor): Given {
  if (!cuQ && !cuK) return sizes;
  if (!cuQ || !cuK) {
    const field = cuQ ? 'cu_seqlens_k' : 'cu_seqlens_q';
    throw new EngineError('bad-input', `cu_seqlens_q and cu_seqlens_k come together; ${field} is missing`, { field });
  }
  const seqlensQ = differences('cu_seqlens_q', cuQ);
  const seqlensK = differences('cu_seqlens_k', cuK);
  requireSame('cu_seqlens_k', cuK.shape, cuQ.shape);
  return { ...sizes, packed: true, batch: seqlensQ.length, seqlensQ, seqlensK };
}

function differences(field: string, { shape, data }: Tensor): number[] {
  if (data.length > MOST_SEQUENCES + 1) {
    const message = `${field} says ${data.length - 1} sequences; at most ${MOST_SEQUENCES} are taken`;
    throw new EngineError('bad-input', message, { field, value: data.length - 1, limit: MOST_SEQUENCES });
  }
  const rises = data.every(
    (each, index) => Number.isInteger(each) && (index === 0 ? each === 0 : each >= data[index - 1]!),
  );
  if (shape.length !== 1 || data.length < 2 || !rises) {
    throw new EngineError('bad-input', `${field} must be [batch + 1] integers that start at 0 and never fall`, {
      field,
      value: [...data.slice(0, 8)],
    });
  }
  return Array.from(data.subarray(1), (each, index) => each - data[index]!);
}

/** Config keys and inputs together. @throws EngineError shape-mismatch where they contradict each other */
function agree(given: Given, found: Given): Given {
  for (const [key, value] of Object.entries(found)) {
    const wanted = given[key as keyof Sizes];
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(value)) continue;
    throw new EngineError(
      'shape-mismatch',
      `${key} is ${JSON.stringify(wanted)} in the config, ${value} in the inputs`,
      {
        field: key,
        value: wanted,
        limit: value,
      },
    );
  }
  return { ...given, ...found };
}

function complete(known: Given): Sizes {
  const packed = known.packed ?? false;
  const batch = known.batch ?? known.seqlensQ?.length ?? known.seqlensK?.length ?? DEFAULTS.batch;
  const heads = known.heads ?? DEFAULTS.heads;
  const longest = (lengths?: number[]) => (packed && lengths ? Math.max(...lengths) : undefined);
  const nq = known.nq ?? longest(known.seqlensQ) ?? (known.seqlensQ ? Math.max(1, ...known.seqlensQ) : DEFAULTS.nq);
  const nk = known.nk ?? longest(known.seqlensK) ?? (known.seqlensK ? Math.max(1, ...known.seqlensK) : nq);
  return {
    batch,
    heads,
    kvHeads: known.kvHeads ?? heads,
    nq: requireRoom('nq', nq, packed, longest(known.seqlensQ)),
    nk: requireRoom('nk', nk, packed, longest(known.seqlensK)),
    headDim: known.headDim ?? DEFAULTS.headDim,
    packed,
    seqlensQ: requireLengths('seqlensQ', known.seqlensQ, batch, nq),
    seqlensK: requireLengths('seqlensK', known.seqlensK, batch, nk),
  };
}

/** A padded sequence has at least one row of room; packed ones may all be empty, and nq is then the longest of them. */
function requireRoom(field: 'nq' | 'nk', rows: number, packed: boolean, longest?: number): number {
  if (!packed && rows < 1) {
    throw new EngineError('bad-config', `${field} must be at least 1`, { field, value: rows, limit: 1 });
  }
  if (longest !== undefined && rows !== longest) {
    const message = `${field} is ${rows}, the longest packed sequence has ${longest} rows`;
    throw new EngineError('bad-config', message, { field, value: rows, limit: longest });
  }
  return rows;
}

function requireLengths(field: string, lengths: number[] | undefined, batch: number, room: number): number[] {
  if (!lengths) return new Array<number>(batch).fill(room);
  if (lengths.length !== batch) {
    const message = `${field} has ${lengths.length} lengths for ${batch} sequences`;
    throw new EngineError('bad-config', message, { field, value: lengths.length, limit: batch });
  }
  const long = lengths.findIndex((length) => length > room);
  if (long < 0) return lengths;
  const message = `${field}.${long} is ${lengths[long]}, a sequence has room for ${room} rows`;
  throw new EngineError('bad-config', message, { field: `${field}.${long}`, value: lengths[long], limit: room });
}
