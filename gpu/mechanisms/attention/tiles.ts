// Tile sizes: what the kernels need on chip for a tile, and which tiles fit.

/** Invocations a workgroup of a tiled kernel should have; more lanes per row only add synchronisation. */
const LANES_WANTED = 128;

/**
 * Invocations that share one query row: a power of two, at most 16 and at most the head dimension, so that the workgroup has
 * about 128.
 */
export function lanesPerRow(br: number, headDim: number): number {
  let lanes = 1;
  while (lanes < 16 && lanes * 2 <= headDim && lanes * 2 * br <= LANES_WANTED) lanes *= 2;
  return lanes;
}

export interface Tiles {
  /** Query rows. */
  br: number;
  /** Key rows. */
  bc: number;
}

/** Tiles whose workgroup memory stays within WebGPU's default of 16 KiB in every variant, tall since K and V are re-read per query tile. */
export function defaultTiles(headDim: number): Tiles {
  if (headDim <= 16) return { br: 32, bc: 32 };
  if (headDim <= 32) return { br: 32, bc: 16 };
  if (headDim <= 64) return { br: 32, bc: 8 };
  if (headDim <= 96) return { br: 16, bc: 8 };
  return { br: 16, bc: 4 };
}

/** Floats of the paper's working set: Q, K, V and O tiles, the score tile, and m and l. */
export function footprintFloats({ br, bc }: Tiles, headDim: number): number {
  return 2 * bc * headDim + 2 * br * headDim + br * bc + 2 * br;
}
