import { expect, test } from 'vitest';
import { handMade } from '../../exhibit/testing/hand-made.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { createSessionStore } from '../stores/session-store.ts';
import { dropUnheldSelection } from './unknown-parts.ts';

const recording = handMade({ steps: 1, inputs: { x: { axes: ['head'], shape: [2], data: [1, 2] } } });
const selection = { kind: 'at', at: { head: 7 } } as const;

async function dropped(bring: (cursor: ReturnType<typeof createCursorStore>) => void) {
  const [session, cursor] = [createSessionStore(), createCursorStore()];
  bring(cursor);
  await dropUnheldSelection({ session, cursor }, {} as MechanismView, recording);
  return { selection: cursor.getState().selection, said: session.getState().complaints.map(({ field }) => field) };
}

test('a head that a link names and the run does not have is dropped, and said', async () => {
  const brought = await dropped((cursor) => cursor.setState({ selection, isLinked: true }));
  expect(brought).toEqual({ selection: null, said: ['selection'] });
});

test('one that was picked in another exhibit is dropped, and nothing is said of a link', async () => {
  expect(await dropped((cursor) => cursor.getState().select(selection))).toEqual({ selection: null, said: [] });
});
