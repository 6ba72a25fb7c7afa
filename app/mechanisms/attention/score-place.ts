// Places on the axes of the scores: `row` counts queries and `key` keys, each within its sequence, `head` heads of queries.

import type { Coordinates, Place } from '../../exhibit/place.ts';
import { coordinateOf } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { PickedRow } from './followed-row.ts';
import { sequenceExtent } from './visibility.ts';

export const headOf = ({ batch = 0, head = 0 }: Coordinates) => ({ batch, head });

export const rowPlace = ({ batch, head, row }: PickedRow): Place => ({ kind: 'at', at: { batch, head, row } });

/** The row that a place stands for; null for an element of a tensor and for what is on other axes. */
export function rowOfPlace(place: Place | null): PickedRow | null {
  if (place?.kind !== 'at' || place.tensor !== undefined) return null;
  const { batch = 0, head = 0, row } = place.at;
  return row === undefined ? null : { batch, head, row };
}

/** The key of a place that stands for a tile; null for every other. */
export function keyOfPlace(place: Place | null): number | null {
  return rowOfPlace(place) && coordinateOf(place, 'key');
}

/** Extents of the axes for the sequence that `at` is in. */
export function scoreExtents({ config }: Recording, at: Coordinates): Coordinates {
  const { batch = 1, heads = 1 } = config as { batch?: number; heads?: number };
  const { rows, keys } = sequenceExtent(config, Math.min(at.batch ?? 0, batch - 1));
  return { batch, head: heads, row: Math.max(rows, 1), key: Math.max(keys, 1) };
}

/** Whether a kernel of the run records its scores, and this run was recorded with them. */
export function hasScores({ trace }: Recording): boolean {
  return trace.records?.some(({ values, at }) => values.includes('s') && at.includes('key')) ?? false;
}
