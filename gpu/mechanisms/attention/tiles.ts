// Tile sizes: what the kernels need on chip for a tile, and which tiles fit. Knows no schema, so that views can ask without loading any.

/** The finite number that stands for −∞ in the kernels, as f32. */
export const NEG = Math.fround(-1e30);

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

/**
 * Tiles for a config that names none. Tall, since FlashAttention-2 re-reads K and V once per query tile and gains only from
 * br > headDim / 2. Workgroup memory stays within WebGPU's default of 16 KiB in every variant, and for small head dimensions at half
 * of that: a software adapter clears it word by word in code it has to compile, about 0.3 ms a word in each kernel.
 */
export function defaultTiles(headDim: number): Tiles {
  if (headDim <= 16) return { br: 32, bc: 16 };
  if (headDim <= 32) return { br: 32, bc: 8 };
  if (headDim <= 64) return { br: 32, bc: 8 };
  if (headDim <= 96) return { br: 16, bc: 8 };
  return { br: 16, bc: 4 };
}

/** Floats of the paper's working set: Q, K, V and O tiles, the score tile, and m and l. */
export function footprintFloats({ br, bc }: Tiles, headDim: number): number {
  return 2 * bc * headDim + 2 * br * headDim + br * bc + 2 * br;
}
