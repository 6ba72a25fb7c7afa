import { holds } from '../../define/testing/holds.ts';
import { selectiveScan } from './selective-scan.ts';

holds(selectiveScan, {
  tiles: { seqlen: 8, dim: 4, chunk: 6 },
  only: { dstate: [3, 8], channels: [4], time: [8], scan: [8], task: ['none'], trap: ['none'] },
  runs: 4,
  tolerance: 5e-6,
});
