import { holds } from '../../define/testing/holds.ts';
import { ssd } from './ssd.ts';

// Differences of running sums are as wrong as float32 near the sums: four resets of up to 200 make 800 · 2⁻²⁴ = 5e-5.
holds(ssd, {
  tiles: { seqlen: 32, chunk: 8 },
  // The presets’ 8 channels and states, so that their kernels serve drawn configs too.
  only: { headDim: [8, 1, 5], dstate: [8, 1, 5] },
  runs: 8,
  tolerance: ({ decaySum }) => (decaySum === 'running' ? 5e-5 : 2e-6),
});
