import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCursorStore } from '../stores/cursor-store.ts';
import { shownTickOf } from './shown-tick.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('while playing everything that tells a step is told the same one, some times a second; paused, every step at once', () => {
  const cursor = createCursorStore();
  cursor.getState().load(1000, 0, false);
  const heard: number[][] = [[], []];
  const shown = shownTickOf(cursor);
  expect(shownTickOf(cursor)).toBe(shown);
  for (const list of heard) shown.subscribe(() => list.push(shown.now()));
  cursor.getState().seek(7);
  expect(heard).toEqual([[7], [7]]);
  cursor.getState().play();
  for (let frame = 0; frame < 30; frame++) {
    cursor.getState().advance(3);
    vi.advanceTimersByTime(16);
    expect(heard[1]).toEqual(heard[0]);
  }
  expect(heard[0]!.length).toBeGreaterThan(6);
  expect(heard[0]!.length).toBeLessThan(14);
  cursor.getState().pause();
  expect([shown.now(), heard[0]!.at(-1)]).toEqual([97, 97]);
  // The run starts over: what was shown is not followed by what comes next.
  cursor.getState().play();
  cursor.getState().seek(2);
  expect(shown.now()).toBe(2);
});

test('no part of the page tells the step of the cursor itself', () => {
  const files = import.meta.glob<string>('../../**/*.tsx', { query: '?raw', import: 'default', eager: true });
  expect(Object.keys(files).length).toBeGreaterThan(50);
  const own = Object.entries(files).filter(([, text]) => /useCursor\(\(?\{? ?(state\) => state\.tick|tick)/.test(text));
  expect(own.map(([file]) => file)).toEqual([]);
});
