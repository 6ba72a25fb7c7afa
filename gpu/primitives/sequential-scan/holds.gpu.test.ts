import { holds } from '../../define/testing/holds.ts';
import { sequentialScan } from './sequential-scan.ts';

holds(sequentialScan, {
  tiles: { seqlen: 8, dim: 4 },
  only: { dstate: [3, 8], channels: [4], time: [8], scan: [64] },
  runs: 5,
});
