// The cursor store: where playback stands and what is selected. Transient, one for all views; changes every frame while playing, so
// only the parts that draw the cursor subscribe to it.

import { createStore } from 'zustand/vanilla';
import type { Place } from '../../exhibit/place.ts';

/** Speeds as multiples of the normal pace. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8] as const;

export interface CursorState {
  /** Finished steps, 0 … length. */
  tick: number;
  /** Steps of the recording on screen. */
  length: number;
  playing: boolean;
  /** Whether someone put the cursor where it is, rather than playback. */
  sought: boolean;
  speed: number;
  selection: Place | null;
  /** Whether a link that was opened brought the selection. */
  isLinked: boolean;
  seek(tick: number): void;
  /** Playback moves the cursor on. */
  advance(steps: number): void;
  /** Plays; from the start again when the cursor is at the end. */
  play(): void;
  pause(): void;
  toggle(): void;
  setSpeed(speed: number): void;
  /** Next faster (+1) or slower (−1) of SPEEDS. */
  changeSpeed(direction: 1 | -1): void;
  select(selection: Place | null): void;
  /** A new recording is on screen: the cursor goes to `tick`, clamped. */
  load(length: number, tick: number, playing: boolean): void;
}

export type CursorStore = ReturnType<typeof createCursorStore>;

export function createCursorStore() {
  return createStore<CursorState>()((set, get) => ({
    tick: 0,
    length: 0,
    playing: false,
    sought: false,
    speed: 1,
    selection: null,
    isLinked: false,

    seek(tick) {
      const { length } = get();
      set({ tick: clampTick(tick, length), sought: true });
    },

    advance(steps) {
      const { tick, length } = get();
      set({ tick: clampTick(tick + steps, length), sought: false });
    },

    play() {
      const { tick, length } = get();
      if (length === 0) return;
      set({ playing: true, tick: tick >= length ? 0 : tick });
    },

    pause() {
      set({ playing: false });
    },

    toggle() {
      if (get().playing) get().pause();
      else get().play();
    },

    setSpeed(speed) {
      set({ speed });
    },

    changeSpeed(direction) {
      const { speed } = get();
      const next =
        direction > 0
          ? SPEEDS.find((candidate) => candidate > speed)
          : SPEEDS.findLast((candidate) => candidate < speed);
      if (next !== undefined) set({ speed: next });
    },

    select(selection) {
      set({ selection, isLinked: false });
    },

    load(length, tick, playing) {
      set({
        length,
        tick: clampTick(tick, length),
        playing: playing && length > 0,
        sought: !playing && tick >= length,
      });
    },
  }));
}

function clampTick(tick: number, length: number): number {
  if (!Number.isFinite(tick)) return tick > 0 ? length : 0;
  return Math.min(Math.max(Math.round(tick), 0), length);
}
