// Where playback stands when a recording takes the stage: at the link's step, where it stood before, or at the start.

import type { Recording } from '../../exhibit/recording.ts';
import type { CursorStore } from '../stores/cursor-store.ts';
import type { LinkedPlace, LinkedStep } from '../stores/link-state.ts';

/** The tick at which `step` has finished in this recording; null where it has no such step. */
export function tickOf({ trace }: Recording, step: LinkedStep): number | null {
  const { dispatch, workgroup, site, visit } = step;
  const columns = ['dispatch', 'workgroup', 'site', 'visit'].map((name) => trace.columns[`step.${name}`]);
  const wanted = [dispatch, workgroup, site, visit];
  for (let i = 0; i < trace.steps.length; i++) {
    const found = columns.every((column, at) => column?.[i] === wanted[at]);
    if (found) return i + 1;
  }
  return null;
}

/** The place of the step that finished at `tick`; null before the first. */
export function stepAt({ trace }: Recording, tick: number): LinkedStep | null {
  const step = tick > 0 ? trace.steps[tick - 1] : undefined;
  if (!step) return null;
  const { dispatch, workgroup, site, visit } = step;
  return { dispatch, workgroup, site, visit };
}

export interface Placing {
  /** Puts the cursor where it goes when `recording` takes the stage after `before`. */
  place(recording: Recording, before: Recording | null): void;
  /** The recordings to come, up to the first of this device, open at a link's step, paused; null = as without a link. */
  openAt(place: LinkedPlace | null): void;
}

/**
 * @param autoplay true if a recording should play by itself when it comes
 * @param opened the place in the link that the page was opened with
 */
export function createPlacing(cursor: CursorStore, autoplay: () => boolean, opened: LinkedPlace | null): Placing {
  let linked = opened;
  /** Where the link's step was in the recording that stood in for the one to come. */
  let opensAt: number | null = null;
  const place = (recording: Recording, before: Recording | null): void => {
    const { tick: at, length, playing, load } = cursor.getState();
    const steps = recording.trace.steps.length;
    // Who has moved on since has seen the link's step.
    if (opensAt !== null && (playing || at !== opensAt)) linked = null;
    if (linked) {
      load(steps, (linked.step && tickOf(recording, linked.step)) ?? linked.tick, false);
      opensAt = cursor.getState().tick;
    } else if (before === null) load(steps, 0, autoplay());
    else if (length === steps) load(steps, at, playing);
    else if (isRetuned(before, recording)) load(steps, Math.round((at / length) * steps), playing);
    else if (!autoplay() && at >= length) load(steps, steps, false);
    else load(steps, 0, autoplay());
    if (recording.device.origin === 'this-device') linked = null;
    if (linked === null) opensAt = null;
  };
  const openAt = (next: LinkedPlace | null) => {
    linked = next;
    opensAt = null;
  };
  return { place, openAt };
}

/** The same run with other constants: the cursor keeps its share of the way. */
function isRetuned(before: Recording, after: Recording): boolean {
  const [{ tuning: one, ...rest }, { tuning: other, ...same }] = [before.config, after.config];
  const tunes = JSON.stringify(one) !== JSON.stringify(other);
  return tunes && before.variant === after.variant && JSON.stringify(rest) === JSON.stringify(same);
}
