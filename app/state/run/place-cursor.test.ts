// Where the cursor stands when a recording comes: a link's step is the step itself, in whatever order the workgroups ran this time.

import { expect, test } from 'vitest';
import type { Recording } from '../../exhibit/recording.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { createPlacing, stepAt, tickOf } from './place-cursor.ts';

/** Two visits of two sites by each workgroup, in the order the workgroups are given. */
function ran(workgroups: number[]): Recording {
  const steps = workgroups.flatMap((workgroup) =>
    [0, 1].flatMap((visit) => [4, 7].map((site) => ({ dispatch: 0, workgroup, site, visit }))),
  );
  const columns = Object.fromEntries(
    (['dispatch', 'workgroup', 'site', 'visit'] as const).map((name) => [
      `step.${name}`,
      Uint32Array.from(steps, (step) => step[name]),
    ]),
  );
  return { trace: { steps, columns }, device: { origin: 'this-device' }, config: {} } as unknown as Recording;
}

test('a step is found again when the workgroups run in another order', () => {
  const [first, second] = [ran([0, 1, 2]), ran([2, 0, 1])];
  for (let tick = 1; tick <= 12; tick++) {
    const step = stepAt(first, tick)!;
    const again = tickOf(second, step)!;
    expect(stepAt(second, again)).toEqual(step);
  }
  expect(tickOf(second, stepAt(first, 1)!)).toBe(5);
});

test('a link opens at its step; at its number where the run has no such step', () => {
  const opened = (place: Parameters<typeof createPlacing>[2], recording: Recording) => {
    const cursor = createCursorStore();
    createPlacing(cursor, () => true, place).place(recording, null);
    return cursor.getState();
  };
  const step = stepAt(ran([0, 1, 2]), 6)!;
  expect(opened({ tick: 6, step }, ran([1, 2, 0]))).toMatchObject({ tick: 2, playing: false });
  expect(opened({ tick: 6, step: { ...step, workgroup: 9 } }, ran([1, 2, 0]))).toMatchObject({ tick: 6 });
  expect(opened({ tick: 6, step: null }, ran([1, 2, 0]))).toMatchObject({ tick: 6 });
  expect(opened(null, ran([1, 2, 0]))).toMatchObject({ tick: 0, playing: true });
});

test('a link that is opened meanwhile has its place in the next recording of this device, and in no later one', () => {
  const cursor = createCursorStore();
  const { place, openAt } = createPlacing(cursor, () => true, null);
  const [first, second, third] = [ran([0]), ran([1, 2, 0]), ran([2, 0, 1, 3])];
  place(first, null);
  openAt({ tick: 6, step: stepAt(ran([0, 1, 2]), 6) });
  place(second, first);
  expect(cursor.getState()).toMatchObject({ tick: 2, playing: false });
  place(third, second);
  expect(cursor.getState()).toMatchObject({ tick: 0, playing: true });
});

test("who has moved on from the link's step, in the recording that stood in, is not brought back by the run that comes", () => {
  const opened = (move: (cursor: ReturnType<typeof createCursorStore>) => void) => {
    const cursor = createCursorStore();
    const { place } = createPlacing(cursor, () => false, { tick: 2, step: null });
    const shipped = { ...ran([0, 1, 2]), device: { origin: 'shipped' } } as unknown as Recording;
    place(shipped, null);
    expect(cursor.getState().tick).toBe(2);
    move(cursor);
    place(ran([2, 0, 1]), shipped);
    return cursor.getState();
  };
  expect(opened(() => {})).toMatchObject({ tick: 2, playing: false });
  expect(opened((cursor) => cursor.getState().seek(7))).toMatchObject({ tick: 7, playing: false });
});

test('the end counts as a place in the run where someone went there, not where playback ended', () => {
  const cursor = createCursorStore();
  cursor.getState().load(12, 0, true);
  cursor.getState().advance(12);
  expect(cursor.getState()).toMatchObject({ tick: 12, sought: false });
  cursor.getState().seek(12);
  expect(cursor.getState().sought).toBe(true);
});
