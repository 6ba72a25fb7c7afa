// Axes of which a picture shows one index at a time: the selected place says which, else what the picture follows.

import type { Extents, Where } from '#gpu/trace/held.ts';
import type { Names } from './names.ts';
import type { Pick, PickedAxis } from './picture.ts';
import { type Coordinates, clampIndex, coordinateOf, extentsOf, type Place } from './place.ts';
import type { Recording } from './recording.ts';

/** People count sequences and heads from 1. */
const SEQUENCE: PickedAxis = { axis: 'batch', label: 'Sequence', first: 1 };
export const HEAD_PICKS: readonly PickedAxis[] = [SEQUENCE, { axis: 'head', label: 'Head', first: 1 }];
export const CHANNEL_PICKS: readonly PickedAxis[] = [SEQUENCE, { axis: 'channel', label: 'Channel' }];

/** Extents of all axes of a run: its tensors' own, and what the exhibit adds to them or has for where `at` is. */
export function allExtents(run: Recording, { extents }: Names, at: Coordinates = {}): Extents {
  return { ...extentsOf(run), ...extents?.(run, at) };
}

/** @param follow what is shown where the place does not say */
export function pickedAxes(axes: readonly string[], place: Place | null, extents: Extents, follow: () => Where): Where {
  const chosen = axes.map((axis) => coordinateOf(place, axis));
  const followed = chosen.includes(null) ? follow() : {};
  return Object.fromEntries(
    axes.map((axis, i) => [axis, clampIndex(chosen[i] ?? followed[axis] ?? 0, extents[axis] ?? 1)]),
  );
}

/** What a picked axis goes along with; null where it was chosen. */
function followedBy(place: Place | null, following: boolean | undefined, axis: string): 'run' | 'beside' | null {
  if (following && place !== null) return 'beside';
  return coordinateOf(place, axis) === null ? 'run' : null;
}

/**
 * What a picture's pickers offer and show.
 *
 * @param follows whether the picture goes along with something while nothing is chosen
 */
export function pickersOf(
  picks: readonly PickedAxis[],
  { at, extents }: { at: Where; extents: Extents },
  { place, following }: { place: Place | null; following?: boolean },
  follows: boolean,
): Pick[] {
  return picks.map((pick) => ({
    ...pick,
    count: extents[pick.axis] ?? 1,
    at: at[pick.axis]!,
    following: follows ? followedBy(place, following, pick.axis) : undefined,
  }));
}
