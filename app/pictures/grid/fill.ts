// What the tiles of a grid hold, element by element, as the run recorded it.

import type { Extents, Where } from '#gpu/trace/held.ts';
import { knownAt, knownOf, type Source } from '../../exhibit/known.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf } from '../../words/magnitude.ts';
import type { TileGridScene } from './tile-grid.ts';

export type FillSpec = Source & {
  id: string;
  title: string;
  /** Ends of its colours; absent: as far from 0 as the run comes, both ways, and no less than 1. */
  scale?: { from: number; to: number };
};

/** @param extents rows and columns of the grid; `at` says which of all others is meant */
export function fillOf(
  spec: FillSpec,
  run: Recording,
  tick: number,
  extents: Extents,
  at: Where,
): TileGridScene['fill'] {
  const known = knownOf(run, spec, extents, at);
  if (!known) return undefined;
  const { scale } = spec;
  return {
    values: knownAt(known, tick),
    most: scale?.to ?? Math.max(1, mostOf(known.values)),
    signed: scale ? scale.from < 0 : true,
  };
}
