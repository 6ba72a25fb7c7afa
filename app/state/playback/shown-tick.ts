// The step that is on screen. While playing it follows the cursor in beats, and everything that tells a step tells this one: picture, line of
// words, bar and source never stand at different steps. Paused, every step shows at once.

import { useSyncExternalStore } from 'react';
import { usePage } from '../page-context.ts';
import type { CursorStore } from '../stores/cursor-store.ts';

/** Milliseconds between two drawings while playing: each of them draws everything. */
const BEAT_MS = 50;

export interface ShownTick {
  now(): number;
  subscribe(changed: () => void): () => void;
}

function makeShownTick(cursor: CursorStore): ShownTick {
  const listeners = new Set<() => void>();
  let tick = cursor.getState().tick;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    timer = undefined;
    const { tick: next } = cursor.getState();
    if (next === tick) return;
    tick = next;
    for (const changed of listeners) changed();
  };
  cursor.subscribe(({ playing, tick: next }, before) => {
    if (next === before.tick && playing === before.playing) return;
    // A jump back, as when the run starts over, is not the next moment of what is shown.
    if (!playing || next < before.tick) {
      clearTimeout(timer);
      show();
      return;
    }
    timer ??= setTimeout(show, BEAT_MS - (performance.now() % BEAT_MS));
  });
  return {
    now: () => tick,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

const ofCursors = new WeakMap<CursorStore, ShownTick>();

/** One for all who ask: that of this cursor. */
export function shownTickOf(cursor: CursorStore): ShownTick {
  const known = ofCursors.get(cursor) ?? makeShownTick(cursor);
  ofCursors.set(cursor, known);
  return known;
}

export function useShownTick(): number {
  const shown = shownTickOf(usePage().cursor);
  return useSyncExternalStore(shown.subscribe, shown.now, shown.now);
}
