// Moves the cursor through the recording, one animation frame at a time. At 1× a whole run takes about twelve seconds, whatever its
// number of steps.

import type { CursorStore } from '../stores/cursor-store.ts';

/** Duration of a whole run at 1×, seconds. */
export const RUN_SECONDS = 12;
/** A short run is not drawn out below this pace at 1×, steps per second. */
const SLOWEST_PACE = 1.5;
/** With reduced motion the cursor moves in discrete jumps this far apart, seconds. */
const DISCRETE_SECONDS = 0.6;
/** A frame that comes late (a background tab, say) counts at most this much, seconds. */
const LONGEST_FRAME = 0.1;

export interface PlaybackClock {
  requestFrame(callback: (ms: number) => void): number;
  cancelFrame(handle: number): void;
  reducedMotion(): boolean;
  /** True while nobody can see the page: in a background tab, say. */
  hidden(): boolean;
  /** Calls back when the page is seen again; returns the stop function. */
  onVisible(callback: () => void): () => void;
}

/** Steps per second of a recording of `length` steps. */
export function paceOf(length: number, speed: number): number {
  return Math.max(length / RUN_SECONDS, SLOWEST_PACE) * speed;
}

/** Starts following the cursor store; returns the stop function. */
export function startPlayback(cursor: CursorStore, clock: PlaybackClock): () => void {
  let handle = 0;
  let running = false;
  let last = 0;
  /** Steps due that are not whole yet. */
  let due = 0;

  const frame = (ms: number) => {
    const { playing, tick, length, speed, advance, pause } = cursor.getState();
    running = playing && !clock.hidden();
    if (!running) return;
    const reduced = clock.reducedMotion();
    const seconds = Math.max(0, (ms - last) / 1000);
    last = ms;
    due += Math.min(seconds, LONGEST_FRAME) * paceOf(length, speed);
    const threshold = reduced ? Math.max(1, paceOf(length, speed) * DISCRETE_SECONDS) : 1;
    if (due >= threshold) {
      const steps = Math.floor(due);
      due -= steps;
      advance(steps);
      if (tick + steps >= length) pause();
    }
    handle = clock.requestFrame(frame);
  };

  const begin = () => {
    if (!cursor.getState().playing || running || clock.hidden()) return;
    running = true;
    due = 0;
    handle = clock.requestFrame((ms) => {
      last = ms;
      frame(ms);
    });
  };
  const unsubscribe = cursor.subscribe(begin);
  // Out of sight the cursor rests where it is: who comes back has missed nothing.
  const forget = clock.onVisible(begin);
  return () => {
    unsubscribe();
    forget();
    clock.cancelFrame(handle);
  };
}

/** The page's own clock. */
export function createPageClock(): PlaybackClock {
  // Asked every frame: the list keeps itself up to date, making one is what costs.
  const reduced = matchMedia('(prefers-reduced-motion: reduce)');
  return {
    requestFrame: (callback) => requestAnimationFrame(callback),
    cancelFrame: (handle) => cancelAnimationFrame(handle),
    reducedMotion: () => reduced.matches,
    hidden: () => document.hidden,
    onVisible: (callback) => {
      const changed = () => {
        if (!document.hidden) callback();
      };
      document.addEventListener('visibilitychange', changed);
      return () => document.removeEventListener('visibilitychange', changed);
    },
  };
}
