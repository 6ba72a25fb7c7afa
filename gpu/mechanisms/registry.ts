// Every mechanism and primitive, by id. A new one adds one line.

import { embedding } from '../primitives/embedding/index.ts';
import { layernorm } from '../primitives/layernorm/index.ts';
import { matmul } from '../primitives/matmul/index.ts';
import { prefixScan } from '../primitives/prefix-scan/index.ts';
import { softmax } from '../primitives/softmax/index.ts';
import { attention } from './attention/index.ts';
import type { Mechanism } from './mechanism.ts';

const all: Mechanism[] = [attention, embedding, layernorm, matmul, prefixScan, softmax];

export const mechanisms: ReadonlyMap<string, Mechanism> = new Map(all.map((mechanism) => [mechanism.id, mechanism]));
