// Mamba's selective scan, five ways.

import { holdMean, sequentialVariants } from '../../primitives/sequential-scan/index.ts';
import { makeInputs } from '../../primitives/sequential-scan/inputs.ts';
import type { Kernel, Mechanism, Variant } from '../mechanism.ts';
import blellochWgsl from './blelloch.wgsl?raw';
import { card } from './card.ts';
import chunkCarryWgsl from './chunk-carry.wgsl?raw';
import chunkScanWgsl from './chunk-scan.wgsl?raw';
import chunkSummaryWgsl from './chunk-summary.wgsl?raw';
import { resolve, type ScanConfig, schema } from './config.ts';
import { cost } from './cost.ts';
import discretizeWgsl from './discretize.wgsl?raw';
import discretizeNaiveWgsl from './discretize-naive.wgsl?raw';
import hillisSteeleWgsl from './hillis-steele.wgsl?raw';
import { KERNELS, plan, supports } from './plan.ts';
import quotientWgsl from './quotient.wgsl?raw';
import readOutWgsl from './read-out.wgsl?raw';
import recurWgsl from './recur.wgsl?raw';
import { reference } from './reference.ts';
import { sentenceInputs } from './selective-copy.ts';
import { selectiveScanSteps } from './steps.ts';

function variant(id: string, title: string, kernels: Kernel[]): Variant {
  return {
    id,
    title,
    kernels: [holdMean, ...kernels],
    supports: (config, limits) => supports(id, config as ScanConfig, limits),
  };
}

export const selectiveScan: Mechanism = {
  ...card,
  config: schema,
  steps: selectiveScanSteps,
  variants: [
    ...sequentialVariants,
    variant('unfused', 'Unfused: Ā, B̄u and h in memory', [
      { file: KERNELS.discretize, wgsl: discretizeWgsl },
      { file: KERNELS.recur, wgsl: recurWgsl },
      { file: KERNELS.readOut, wgsl: readOutWgsl },
      { file: KERNELS.discretizeNaive, wgsl: discretizeNaiveWgsl },
      { file: KERNELS.quotient, wgsl: quotientWgsl },
    ]),
    variant('hillis-steele', 'Parallel scan, Hillis and Steele', [
      { file: KERNELS.hillisSteele, wgsl: hillisSteeleWgsl },
    ]),
    variant('blelloch', 'Parallel scan, Blelloch', [{ file: KERNELS.blelloch, wgsl: blellochWgsl }]),
    variant('chunked', 'Chunked, with a carry', [
      { file: KERNELS.chunkSummary, wgsl: chunkSummaryWgsl },
      { file: KERNELS.chunkCarry, wgsl: chunkCarryWgsl },
      { file: KERNELS.chunkScan, wgsl: chunkScanWgsl },
    ]),
  ],
  resolve,
  readText: sentenceInputs,
  makeInputs: (config, seed) => makeInputs(config as ScanConfig, seed),
  plan: (id, config, limits) => plan(id, config as ScanConfig, limits),
  reference: (config, inputs) => reference(config as ScanConfig, inputs),
  cost: (id, config) => cost(id, config as ScanConfig),
};
