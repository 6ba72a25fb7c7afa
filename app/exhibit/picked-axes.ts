// Axes of which a picture shows one index at a time: the selected place says which, else what the picture follows.

import type { Extents, Where } from '#gpu/trace/held.ts';
import { clampIndex, coordinateOf, type Place } from './place.ts';

/** Of what is shown one head at a time. People count both from 1. */
export const HEAD_PICKS = [
  { axis: 'batch', label: 'Sequence', first: 1 },
  { axis: 'head', label: 'Head', first: 1 },
] as const;

/** @param follow what is shown where the place does not say */
export function pickedAxes(axes: readonly string[], place: Place | null, extents: Extents, follow: () => Where): Where {
  const chosen = axes.map((axis) => coordinateOf(place, axis));
  const followed = chosen.includes(null) ? follow() : {};
  return Object.fromEntries(
    axes.map((axis, i) => [axis, clampIndex(chosen[i] ?? followed[axis] ?? 0, extents[axis] ?? 1)]),
  );
}

/** What a picked axis goes along with; null where it was chosen. */
export function followedBy(place: Place | null, following: boolean | undefined, axis: string): 'run' | 'beside' | null {
  if (following && place !== null) return 'beside';
  return coordinateOf(place, axis) === null ? 'run' : null;
}
