// Which tiles a kernel visits, and how much it declares on chip: what the plan and the closed forms share.

import type { AttentionConfig } from './config.ts';
import { lanesPerRow } from './tiles.ts';

/** One query tile and the key tiles it needs, within one sequence. */
export interface QueryTile {
  /** First query row, and number of rows. */
  q0: number;
  rows: number;
  /** Key tiles [from, to), in units of bc. */
  from: number;
  to: number;
}

/** Constants of the standard kernels, which have tiles of their own. */
export const STANDARD = { BR: 256, BC: 4, LANES: 32 } as const;

const KEPT = [256, 512, 1024];

/** Scores of a row that the standard softmax keeps on chip: room for all of a short row, since room costs time to clear. */
export const keptScores = ({ nk }: AttentionConfig): number => KEPT.find((room) => room >= nk) ?? KEPT.at(-1)!;

/** True when some sequence does not fill its room, or sequences are packed: the kernels then read `extents`. */
export function isVarlen({ packed, nq, nk, seqlensQ, seqlensK }: AttentionConfig): boolean {
  return packed || seqlensQ.some((length) => length !== nq) || seqlensK.some((length) => length !== nk);
}

export const queryTileCount = ({ br }: AttentionConfig, queries: number): number => Math.ceil(queries / br);

/**
 * The query tiles [first, past) of a sequence of `queries` × `keys`, with the key tiles that any of their rows sees under the window.
 * The diagonal ends in the bottom-right corner.
 */
export function* queryTiles(
  config: AttentionConfig,
  first: number,
  past: number,
  queries: number,
  keys: number,
): Generator<QueryTile> {
  const { br, bc, windowLeft, windowRight } = config;
  const shift = keys - queries;
  for (let tile = first; tile < past; tile++) {
    const q0 = tile * br;
    const rows = Math.min(br, queries - q0);
    const begin = windowLeft < 0 ? 0 : Math.max(0, q0 + shift - windowLeft);
    const end = windowRight < 0 ? keys : Math.min(keys, Math.max(0, q0 + rows + shift + windowRight));
    const from = Math.floor(begin / bc);
    yield { q0, rows, from, to: Math.max(from, Math.ceil(end / bc)) };
  }
}

/** Rows of K and V in key tile `tile` of a sequence. */
export function keyRows({ bc }: AttentionConfig, keys: number, tile: number): number {
  return Math.min(bc, keys - tile * bc);
}

/** Rows of K and V in all the key tiles of a query tile: at once, since sizes that nothing could run are counted too. */
export function keyRowsUnder({ bc }: AttentionConfig, keys: number, { from, to }: QueryTile): number {
  return to > from ? Math.min(keys, to * bc) - from * bc : 0;
}

/** Mask entries under a tile: [first, last] block row and block column, clipped to the sequence. */
export function cellsUnder(config: AttentionConfig, { q0, rows }: QueryTile, tile: number, keys: number) {
  const k0 = tile * config.bc;
  return {
    rows: [Math.floor(q0 / config.blockRows), Math.floor((q0 + rows - 1) / config.blockRows)] as const,
    columns: [
      Math.floor(k0 / config.blockCols),
      Math.floor((k0 + keyRows(config, keys, tile) - 1) / config.blockCols),
    ] as const,
  };
}

/** Bytes of every workgroup array, by kernel file and WGSL name, as the kernels' own constants declare them. */
export function workgroupArrays(variant: string, config: AttentionConfig): Record<string, Record<string, number>> {
  const { br, bc, headDim: d, blockRows, blockCols } = config;
  const lanes = lanesPerRow(br, d);
  const tiled = {
    extent: 16,
    q_tile: 4 * br * d,
    k_tile: 4 * bc * d,
    v_tile: 4 * bc * d,
    s_tile: 4 * br * bc,
    lane_max: 4 * br * lanes,
  };
  switch (variant) {
    case 'standard':
      return {
        'standard-scores.wgsl': { extent: 16, k_tile: 4 * STANDARD.BC * d, s_tile: 4 * STANDARD.BR * STANDARD.BC },
        'standard-softmax.wgsl': {
          extent: 16,
          kept: 4 * keptScores(config),
          lane_max: 4 * STANDARD.LANES,
          lane_sum: 4 * STANDARD.LANES,
        },
        'standard-output.wgsl': { extent: 16, p_tile: 4 * STANDARD.BR * STANDARD.BC, v_tile: 4 * STANDARD.BC * d },
      };
    case 'flash-v1':
      return { 'flash-v1.wgsl': { ...tiled, m_tile: 4 * br, l_tile: 4 * br } };
    case 'flash-v2-block-sparse': {
      const cellRows = Math.floor((br + blockRows - 2) / blockRows) + 1;
      const cellCols = Math.floor((bc + blockCols - 2) / blockCols) + 1;
      return { 'flash-v2-block-sparse.wgsl': { ...tiled, cells: 4 * cellRows * cellCols, needed: 4 } };
    }
    default:
      return { 'flash-v2.wgsl': tiled };
  }
}

/** Largest declared workgroup memory of a variant's kernels, bytes. */
export function workgroupBytes(variant: string, config: AttentionConfig): number {
  const totals = Object.values(workgroupArrays(variant, config)).map((arrays) =>
    Object.values(arrays).reduce((sum, bytes) => sum + bytes, 0),
  );
  return Math.max(...totals);
}
