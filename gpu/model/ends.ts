// Every way into a stack and out of it, by its name. A new one adds one file and one line.

import { bytes, characters, pieces } from './ends/ids.ts';
import { nextToken } from './ends/next-token.ts';
import type { PartKind } from './part.ts';

const byKind = (kinds: readonly PartKind[]): ReadonlyMap<string, PartKind> =>
  new Map(kinds.map((each) => [each.kind, each]));

export const tokenKinds = byKind([characters, bytes, pieces]);
export const readoutKinds = byKind([nextToken]);
