import { expect, test } from 'vitest';
import { keepForOffline, NOT_KEPT } from './offline.ts';
import { createSessionStore } from './stores/session-store.ts';

const BASE = 'https://example.org/some/path/';

/** A worker being installed, which ends in `state`. */
function installation() {
  const target = new EventTarget() as ServiceWorker & { state: ServiceWorkerState };
  const endAs = (state: ServiceWorkerState) => {
    Object.assign(target, { state });
    target.dispatchEvent(new Event('statechange'));
  };
  return { target, endAs };
}

test('the service worker beside the page is registered, quietly', async () => {
  const session = createSessionStore();
  const { target, endAs } = installation();
  const asked: string[] = [];
  const register = async (address: URL) => {
    asked.push(address.href);
    return { installing: target, active: null };
  };
  await keepForOffline(session, { register }, BASE);
  endAs('activated');
  expect(asked).toEqual([`${BASE}sw.js`]);
  expect(session.getState().notices).toEqual([]);
});

test('a refusal is said once', async () => {
  const session = createSessionStore();
  const register = async () => {
    throw new DOMException('denied', 'SecurityError');
  };
  await keepForOffline(session, { register }, BASE);
  await keepForOffline(session, { register }, BASE);
  expect(session.getState().notices).toEqual([NOT_KEPT]);
});

test('a first installation that runs out of room is said; a failed update is not', async () => {
  for (const [active, notices] of [
    [null, [NOT_KEPT]],
    [{} as ServiceWorker, []],
  ] as const) {
    const session = createSessionStore();
    const { target, endAs } = installation();
    await keepForOffline(session, { register: async () => ({ installing: target, active }) }, BASE);
    endAs('redundant');
    expect(session.getState().notices).toEqual(notices);
  }
});

test('a browser without service workers is left alone', async () => {
  const session = createSessionStore();
  await keepForOffline(session, undefined, BASE);
  expect(session.getState().notices).toEqual([]);
});
