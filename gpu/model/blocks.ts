// Every kind of block, by its name. A new one adds one file and one line.

import { attention } from './blocks/attention.ts';
import { cct } from './blocks/cct.ts';
import { mamba } from './blocks/mamba.ts';
import { mamba2 } from './blocks/mamba2.ts';
import { mlp } from './blocks/mlp.ts';
import { moe } from './blocks/moe.ts';
import type { PartKind } from './part.ts';

const kinds: readonly PartKind[] = [attention, mlp, moe, mamba, mamba2, cct];

export const blockKinds: ReadonlyMap<string, PartKind> = new Map(kinds.map((kind) => [kind.kind, kind]));
