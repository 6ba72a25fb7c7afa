// Every mechanism and primitive, by id. A new one adds one line.

import { causalConv1d } from '../primitives/causal-conv1d/index.ts';
import { embedding } from '../primitives/embedding/index.ts';
import { layernorm } from '../primitives/layernorm/index.ts';
import { matmul } from '../primitives/matmul/index.ts';
import { selectiveStateUpdate } from '../primitives/selective-state-update/index.ts';
import { sequentialScan } from '../primitives/sequential-scan/index.ts';
import { attention } from './attention/index.ts';
import { mambaBlock } from './mamba-block/index.ts';
import type { Mechanism } from './mechanism.ts';
import { selectiveScan } from './selective-scan/index.ts';
import { ssd } from './ssd/index.ts';

const all: Mechanism[] = [
  attention,
  causalConv1d,
  embedding,
  layernorm,
  mambaBlock,
  matmul,
  selectiveScan,
  selectiveStateUpdate,
  sequentialScan,
  ssd,
];

export const mechanisms: ReadonlyMap<string, Mechanism> = new Map(all.map((mechanism) => [mechanism.id, mechanism]));
