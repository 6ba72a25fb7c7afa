import { expect, test } from 'vitest';
import { orTell } from './notices.ts';
import { createSessionStore } from './session-store.ts';

test('what keeps from being done that nobody waits for is said; what is done is not', async () => {
  const session = createSessionStore();
  orTell(session, Promise.resolve('done'));
  orTell(session, Promise.reject(new Error('a part of the page could not be had')));
  await new Promise((resolve) => setTimeout(resolve));
  expect(session.getState().notices).toEqual(['a part of the page could not be had']);
});
