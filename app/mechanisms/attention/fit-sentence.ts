// What of a sentence runs, and on which tiles: as many heads as were asked for, and tiles that follow its length and this device's limits.

import type { Tensor } from '#gpu/core/tensor.ts';
import { MOST_TILE_ROWS, resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { attentionCost } from '#gpu/mechanisms/attention/cost.ts';
import { unsupported } from '#gpu/mechanisms/attention/plan.ts';
import type { Tiles } from '#gpu/mechanisms/attention/tiles.ts';
import type { FittedInputs, SentenceInputs } from '../../exhibit/reads.ts';
import { numberOf } from './settings.ts';

/** More columns of tiles than this take longer to watch than they show. */
const MOST_KEY_TILES = 16;
/** A single tile of queries shows no tiling: two are taken unless they leave less than this of the saving. */
const WORTHWHILE = 1.05;

interface Length {
  rows: number;
  keys: number;
  headDim: number;
}

/** Bytes by the closed form. */
function bytesOf(variant: 'standard' | 'flash-v2', { rows, keys, headDim }: Length, tiles: Tiles): number {
  const config = resolveConfig({ heads: 1, nq: rows, nk: keys, headDim, ...tiles });
  return attentionCost(variant, config).buffers.reduce(
    (sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes,
    0,
  );
}

/** Times as much as FlashAttention-2 moves with these tiles standard attention moves. */
export const gainOf = (length: Length, tiles: Tiles): number =>
  bytesOf('standard', length, tiles) / bytesOf('flash-v2', length, tiles);

/** Every tiled variant runs them: what stands beside must have the same. */
function fits({ rows, keys, headDim }: Length, tiles: Tiles, limits: Record<string, number>): boolean {
  const config = resolveConfig({ heads: 1, nq: rows, nk: keys, headDim, ...tiles });
  return (['flash-v1', 'flash-v2-block-sparse'] as const).every((variant) => !unsupported(variant, config, limits));
}

/** The most key rows up to `most` that fit beside `br` query rows; null where not even one does. */
function keyRowsBeside(length: Length, br: number, most: number, limits: Record<string, number>): number | null {
  for (let bc = most; bc >= 1; bc--) if (fits(length, { br, bc }, limits)) return bc;
  return null;
}

/**
 * Equal tiles of queries, as few as this device's limits allow, since every one reads all keys and values again; two where one would do.
 * Null where no tile fits.
 *
 * @param chosen rows that somebody chose
 */
export function tilesForLength(
  length: Length,
  limits: Record<string, number>,
  chosen: Partial<Tiles> = {},
): Tiles | null {
  const keyRows = chosen.bc ?? Math.min(length.keys, Math.max(2, Math.ceil(length.keys / MOST_KEY_TILES)));
  const withTiles = (count: number): Tiles | null => {
    const br = chosen.br ?? Math.ceil(length.rows / count);
    if (br > MOST_TILE_ROWS) return null;
    const bc = keyRowsBeside(length, br, keyRows, limits);
    return bc === null || (chosen.bc !== undefined && bc !== chosen.bc) ? null : { br, bc };
  };
  const two = withTiles(2);
  if (two && gainOf(length, two) >= WORTHWHILE) return two;
  for (let count = 1; count <= length.rows; count++) {
    const tiles = withTiles(count);
    if (tiles) return tiles;
  }
  return null;
}

/** The first heads of q, k or v [1, tokens, heads, headDim]. */
function headsOf({ dtype, shape, data }: Tensor, count: number): Tensor {
  const [, rows = 0, heads = 1, width = 0] = shape;
  if (count >= heads) return { dtype, shape, data } as Tensor;
  const taken = new Float32Array(rows * count * width);
  for (let row = 0; row < rows; row++) {
    const from = row * heads * width;
    taken.set((data as Float32Array).subarray(from, from + count * width), row * count * width);
  }
  return { dtype: 'f32', shape: [1, rows, count, width], data: taken };
}

export function fitSentence({ tensors, config, limits }: SentenceInputs): FittedInputs {
  const { q, k } = tensors;
  const wanted = numberOf(config, 'heads', Number.POSITIVE_INFINITY);
  const taken = Object.entries(tensors).map(([name, tensor]): [string, Tensor] => [name, headsOf(tensor, wanted)]);
  const length = { rows: q?.shape[1] ?? 1, keys: k?.shape[1] ?? 1, headDim: q?.shape[3] ?? 1 };
  const { br, bc } = config as Partial<Tiles>;
  const tiles = tilesForLength(length, limits, { ...(br && { br }), ...(bc && { bc }) });
  return { tensors: Object.fromEntries(taken), chosen: { ...tiles } };
}
