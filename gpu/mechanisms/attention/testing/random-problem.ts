// Random attention problems over few baked tuples, so that pipelines are reused while everything else varies.

import type { VariantId } from '../plan.ts';

export interface Tuple {
  br: number;
  bc: number;
  headDim: number;
  /** Sequences have lengths of their own. */
  lengths: boolean;
}

/** The baked combinations that random problems are drawn from. */
export const tuples: Tuple[] = [
  { br: 8, bc: 16, headDim: 8, lengths: false },
  { br: 8, bc: 16, headDim: 8, lengths: true },
  { br: 16, bc: 8, headDim: 16, lengths: false },
  { br: 16, bc: 8, headDim: 16, lengths: true },
  { br: 5, bc: 7, headDim: 12, lengths: false },
  { br: 5, bc: 7, headDim: 12, lengths: true },
];

/** A config with random sizes, windows, lengths, groups and, for the block-sparse variant, mask. */
export function randomProblem(random: () => number, tuple: Tuple, variant: VariantId): Record<string, unknown> {
  const { br, bc, headDim, lengths } = tuple;
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const chance = (share: number) => random() < share;
  const [batch, kvHeads, nq, nk] = [whole(1, 3), whole(1, 2), whole(1, 36), whole(1, 44)];
  const config: Record<string, unknown> = {
    br,
    bc,
    headDim,
    batch,
    heads: kvHeads * (chance(0.2) ? 3 : whole(1, 2)),
    kvHeads,
  };
  config.causal = chance(0.4);
  if (chance(0.4)) config.windowLeft = whole(0, 30);
  if (chance(0.3)) config.windowRight = whole(0, 30);
  if (chance(0.3)) config.softcap = whole(1, 20);
  if (chance(0.2)) config.scale = whole(1, 8) / 8;
  let [rowsOfQueries, rowsOfKeys] = [nq, nk];
  if (lengths) {
    const draw = (room: number) => Array.from({ length: batch }, () => (chance(0.15) ? 0 : whole(1, room)));
    const [seqlensQ, seqlensK] = [draw(nq), draw(nk)];
    Object.assign(config, { seqlensQ, seqlensK, packed: chance(0.5) });
    // Padded sequences must not all be full: the kernel would be baked without lengths.
    if (!config.packed && nq > 1) seqlensQ[0] = nq - 1;
    if (config.packed) [rowsOfQueries, rowsOfKeys] = [Math.max(...seqlensQ), Math.max(...seqlensK)];
    else Object.assign(config, { nq, nk });
  } else {
    Object.assign(config, { nq, nk });
  }
  if (variant === 'flash-v2-block-sparse') {
    // Blocks smaller than, equal to and larger than the tile, fixed per tuple since they are baked.
    const [blockRows, blockCols] = br === 8 ? [8, 16] : br === 16 ? [4, 6] : [9, 20];
    const entries = Math.ceil(rowsOfQueries / blockRows) * Math.ceil(rowsOfKeys / blockCols);
    const density = random();
    const blockmask = Array.from({ length: entries }, () => (chance(density) ? 1 : 0));
    Object.assign(config, { blockRows, blockCols, blockmask });
  }
  return config;
}
