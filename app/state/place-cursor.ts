// Where playback stands when a recording takes the stage: at the link's step, where it stood before, or at the start.

import type { Recording } from '../mechanisms/view.ts';
import type { CursorStore } from './cursor-store.ts';

/**
 * @param autoplay true if a recording should play by itself when it comes
 * @param tick the link's step: the first recordings open there, paused, up to the first of this device; null = play from the start
 * @returns puts the cursor where it goes when `recording` takes the stage after `before`
 */
export function createPlacing(cursor: CursorStore, autoplay: () => boolean, tick: number | null) {
  let linkedTick = tick;
  return (recording: Recording, before: Recording | null): void => {
    const { tick: at, length, playing, load } = cursor.getState();
    const steps = recording.trace.steps.length;
    if (linkedTick !== null) load(steps, linkedTick, false);
    else if (before === null) load(steps, 0, autoplay());
    else if (length === steps) load(steps, at, playing);
    else if (isRetuned(before, recording)) load(steps, Math.round((at / length) * steps), playing);
    else if (!autoplay() && at >= length) load(steps, steps, false);
    else load(steps, 0, autoplay());
    if (recording.device.origin === 'this-device') linkedTick = null;
  };
}

/** The same run with other constants: the cursor keeps its share of the way. */
function isRetuned(before: Recording, after: Recording): boolean {
  const [{ tuning: one, ...rest }, { tuning: other, ...same }] = [before.config, after.config];
  const tunes = JSON.stringify(one) !== JSON.stringify(other);
  return tunes && before.variant === after.variant && JSON.stringify(rest) === JSON.stringify(same);
}
