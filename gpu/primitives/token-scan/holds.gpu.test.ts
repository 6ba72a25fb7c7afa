import { holds } from '../../define/testing/holds.ts';
import { tokenScan } from './token-scan.ts';

holds(tokenScan, {
  tiles: { heads: 32 },
  only: { states: [4, 32], tokens: [1, 2, 13], headDim: [1, 3], position: [0, 5] },
  runs: 8,
});
