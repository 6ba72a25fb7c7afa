// The order of playback on a page without a device: real recordings, shipped with it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { Recording } from '../../exhibit/recording.ts';
import { decodeRecordingFile } from '../recordings/recording-file.ts';
import { encodeRecordingFile } from '../recordings/write-recording.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { createSessionStore } from '../stores/session-store.ts';
import { stepAt, tickOf } from './place-cursor.ts';
import { asRecorded, inOrder, keepStepOrder } from './step-order.ts';

async function shipped(name: string): Promise<Recording> {
  const path = fileURLToPath(new URL(`../../../public/recordings/${name}.rec`, import.meta.url));
  return decodeRecordingFile(new Uint8Array(readFileSync(path)), name);
}

async function setUp() {
  const [config, session, cursor] = [createConfigStore(() => 0), createSessionStore(), createCursorStore()];
  const [recording, beside] = await Promise.all(['attention-ragged', 'attention-paper-order'].map(shipped));
  const stop = keepStepOrder({ config, session, cursor, viewOf: () => undefined });
  session.setState({ recording: recording!, others: [beside!] });
  cursor.getState().load(recording!.trace.steps.length, 0, false);
  const ordered = (order: 'recorded' | 'workgroup') => {
    config.getState().arrange({ order });
    const isThere = (each: Recording | null | undefined) =>
      expect(asRecorded(each!) === each).toBe(order === 'recorded');
    return vi.waitFor(() => {
      isThere(session.getState().recording);
      isThere(session.getState().others[0]);
    });
  };
  return { config, session, cursor, recording: recording!, beside: beside!, ordered, stop };
}

test('the stage takes the order that is asked for, with what stands beside, and gives the recording itself back', async () => {
  const { session, recording, beside, ordered } = await setUp();
  await ordered('workgroup');
  const shown = session.getState().recording!;
  expect([asRecorded(shown), session.getState().others.map(asRecorded)]).toEqual([recording, [beside]]);
  expect(shown.id).not.toBe(recording.id);
  expect(shown.trace.steps.map(({ workgroup }) => workgroup)).not.toEqual(
    recording.trace.steps.map(({ workgroup }) => workgroup),
  );
  expect(encodeRecordingFile(asRecorded(shown))).toEqual(encodeRecordingFile(recording));
  await ordered('recorded');
  expect(session.getState().recording).toBe(recording);
  expect(await inOrder(recording, 'workgroup')).toBe(shown);
});

// A step that is the last one in one order is at its end, and the end is the end.
test('the cursor stays at its step in both orders, and so does the link; start and end stay start and end', async () => {
  const { session, cursor, recording, ordered } = await setUp();
  const { length } = cursor.getState();
  for (const tick of [1, 7, Math.floor(length / 2)]) {
    await ordered('recorded');
    cursor.getState().seek(tick);
    const step = stepAt(recording, tick)!;
    await ordered('workgroup');
    expect(stepAt(session.getState().recording!, cursor.getState().tick)).toEqual(step);
    expect(tickOf(session.getState().recording!, step)).toBe(cursor.getState().tick);
    await ordered('recorded');
    expect(cursor.getState().tick).toBe(tick);
  }
  for (const tick of [0, length]) {
    cursor.getState().seek(tick);
    await ordered('workgroup');
    expect(cursor.getState().tick).toBe(tick);
    await ordered('recorded');
  }
});

test('a recording that comes later takes the order, too; none does once it is stopped', async () => {
  const { session, recording, beside, ordered, stop } = await setUp();
  await ordered('workgroup');
  session.setState({ recording: beside, others: [] });
  await vi.waitFor(() => expect(asRecorded(session.getState().recording!)).not.toBe(session.getState().recording));
  stop();
  session.setState({ recording });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(session.getState().recording).toBe(recording);
});
