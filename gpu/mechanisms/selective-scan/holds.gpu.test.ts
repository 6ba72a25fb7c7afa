import { holds } from '../../define/testing/holds.ts';
import { selectiveScan } from './selective-scan.ts';

holds(selectiveScan, {
  tiles: { seqlen: 64, dim: 4, chunk: 6 },
  // The presets' constants, so that their kernels serve drawn configs too; and states that fill no quad.
  only: { dstate: [4, 5], channels: [4], time: [8], scan: [64], task: ['none'], trap: ['none'] },
  runs: 4,
  tolerance: 5e-6,
});
