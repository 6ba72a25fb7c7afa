// The picked head and row as a view keeps them while the selection is about something else (a line, a buffer).

import { useRef } from 'react';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type PickedRow, rowsOf } from './followed-row.ts';
import { rowOfPlace } from './score-place.ts';
import { pickedRow } from './tiling-scene.ts';

/** Whether the recording has this row of this head. */
function hasRow(recording: Recording, { batch, head, row }: PickedRow): boolean {
  const { batch: sequences = 1, heads = 1 } = recording.config as { batch?: number; heads?: number };
  return batch < sequences && head < heads && row < Math.max(rowsOf(recording, batch), 1);
}

/** The selection's row or tile; else the last one picked, as long as this recording has it; with no selection, the followed one. */
export function usePicked(recording: Recording, selection: Place | null, tick: number): PickedRow {
  const last = useRef<PickedRow | null>(null);
  const inRange = (picked: PickedRow) => hasRow(recording, picked);
  const named = rowOfPlace(selection);
  if (selection === null) last.current = null;
  else if (named && inRange(named)) last.current = named;
  // A line or buffer chosen while the picture follows the run stops it where it is.
  else last.current ??= pickedRow(recording, null, tick);
  return last.current && inRange(last.current) ? last.current : pickedRow(recording, null, tick);
}
