import { expect, test } from 'vitest';
import { createCursorStore } from '../stores/cursor-store.ts';
import { type PlaybackClock, paceOf, RUN_SECONDS, startPlayback } from './playback.ts';

/** Frames at 60 Hz, on demand. */
function manualClock(reduced = false) {
  let next: ((ms: number) => void) | null = null;
  let ms = 0;
  let hidden = false;
  let seen = () => {};
  const hide = (now: boolean) => {
    hidden = now;
    if (!now) seen();
  };
  const clock: PlaybackClock = {
    requestFrame: (callback) => {
      next = callback;
      return 1;
    },
    cancelFrame: () => {
      next = null;
    },
    reducedMotion: () => reduced,
    hidden: () => hidden,
    onVisible: (callback) => {
      seen = callback;
      return () => {};
    },
  };
  const run = (seconds: number) => {
    const end = ms + seconds * 1000;
    while (ms < end) {
      ms += 1000 / 60;
      const due = next;
      next = null;
      due?.(ms);
    }
  };
  return { clock, run, hide };
}

test.each([60, 128, 4128, 56_000])('a run of %i steps takes about twelve seconds at 1×', (length) => {
  const cursor = createCursorStore();
  const { clock, run } = manualClock();
  startPlayback(cursor, clock);
  cursor.getState().load(length, 0, true);
  run(RUN_SECONDS * 0.95);
  expect(cursor.getState().playing).toBe(true);
  expect(cursor.getState().tick / length).toBeGreaterThan(0.9);
  run(RUN_SECONDS * 0.1);
  expect(cursor.getState()).toMatchObject({ playing: false, tick: length });
});

test('speed multiplies the pace, and pausing stops where it is', () => {
  const cursor = createCursorStore();
  const { clock, run } = manualClock();
  startPlayback(cursor, clock);
  cursor.getState().load(1200, 0, false);
  cursor.getState().setSpeed(4);
  cursor.getState().play();
  run(1);
  const { tick } = cursor.getState();
  expect(tick).toBeGreaterThan(0.9 * paceOf(1200, 4));
  expect(tick).toBeLessThan(1.1 * paceOf(1200, 4));
  cursor.getState().pause();
  run(1);
  expect(cursor.getState().tick).toBe(tick);
});

test('after a pause longer than a frame, playing does not leap', () => {
  const cursor = createCursorStore();
  const { clock, run } = manualClock();
  startPlayback(cursor, clock);
  cursor.getState().load(1200, 0, true);
  run(0.5);
  cursor.getState().pause();
  run(30);
  const { tick } = cursor.getState();
  cursor.getState().play();
  run(0.1);
  expect(cursor.getState().tick - tick).toBeLessThan(paceOf(1200, 1) * 0.2);
});

test('with reduced motion the cursor moves in few discrete jumps', () => {
  const cursor = createCursorStore();
  const { clock, run } = manualClock(true);
  startPlayback(cursor, clock);
  const seen = new Set<number>();
  cursor.subscribe(({ tick }) => seen.add(tick));
  cursor.getState().load(1200, 0, true);
  run(6);
  expect(cursor.getState().tick).toBeGreaterThan(400);
  expect(seen.size).toBeLessThan(14);
});

test('out of sight the cursor rests; in sight again it goes on from there', () => {
  const cursor = createCursorStore();
  const { clock, run, hide } = manualClock();
  startPlayback(cursor, clock);
  cursor.getState().load(1200, 0, true);
  run(1);
  hide(true);
  run(0.1);
  const { tick } = cursor.getState();
  expect(tick).toBeGreaterThan(50);
  run(30);
  expect(cursor.getState()).toMatchObject({ tick, playing: true });
  hide(false);
  run(1);
  expect(cursor.getState().tick).toBeGreaterThan(tick + 50);
  expect(cursor.getState().tick).toBeLessThan(tick + 150);
});
