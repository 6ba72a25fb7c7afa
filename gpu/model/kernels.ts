// What parts of stacks run: the mechanisms, and all their kernels.

import { attention } from '../mechanisms/attention/attention.ts';
import type { Kernel, Mechanism } from '../mechanisms/mechanism.ts';
import { moe } from '../mechanisms/moe/moe.ts';
import { addPositions } from '../primitives/add-positions/add-positions.ts';
import { conv2d } from '../primitives/conv2d/conv2d.ts';
import { embedding } from '../primitives/embedding/embedding.ts';
import { layernorm } from '../primitives/layernorm/layernorm.ts';
import { linear } from '../primitives/linear/linear.ts';
import { maxPool } from '../primitives/max-pool/max-pool.ts';
import { patches } from '../primitives/patches/patches.ts';
import { positions } from '../primitives/positions/positions.ts';
import { rmsnorm } from '../primitives/rmsnorm/rmsnorm.ts';
import { rowMean } from '../primitives/row-mean/row-mean.ts';
import { seqPool } from '../primitives/seq-pool/seq-pool.ts';
import { shortConvolution } from '../primitives/short-convolution/short-convolution.ts';
import { tokenScan } from '../primitives/token-scan/token-scan.ts';

export const used: Mechanism[] = [
  addPositions,
  attention,
  conv2d,
  embedding,
  layernorm,
  linear,
  maxPool,
  moe,
  patches,
  positions,
  rmsnorm,
  rowMean,
  seqPool,
  shortConvolution,
  tokenScan,
];
const byFile = new Map(
  used.flatMap(({ variants }) => variants.flatMap((each) => each.kernels)).map((each) => [each.file, each]),
);

export const kernels: readonly Kernel[] = [...byFile.values()];
