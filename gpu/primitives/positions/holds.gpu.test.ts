import { holds } from '../../define/testing/holds.ts';
import { positions } from './positions.ts';

// Kernels are compiled for every number of pairs: few of them.
holds(positions, {
  tiles: { seqlen: 64 },
  only: {
    dim: [8, 9, 2],
    rotaryDim: [undefined, 4],
    heads: [1, 3, 4],
    kvHeads: [undefined, 1],
    positionBatch: [undefined, 1],
    position: [0, 1_000_003],
    maxPositionEmbeddings: [4, 2048],
  },
});
