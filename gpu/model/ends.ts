// Every way into a stack and out of it, by its name. A new one adds one file and one line.

import { classToken } from './ends/class-token.ts';
import { bytes, characters, pieces } from './ends/ids.ts';
import { image } from './ends/image.ts';
import { mean } from './ends/mean.ts';
import { nextToken } from './ends/next-token.ts';
import { patches } from './ends/patches.ts';
import { seqpool } from './ends/seqpool.ts';
import type { PartKind } from './part.ts';

const byKind = (kinds: readonly PartKind[]): ReadonlyMap<string, PartKind> =>
  new Map(kinds.map((each) => [each.kind, each]));

export const tokenKinds = byKind([characters, bytes, pieces, patches, image]);
export const readoutKinds = byKind([nextToken, classToken, mean, seqpool]);
