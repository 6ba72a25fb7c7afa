import { expect, test, vi } from 'vitest';
import type { FromPage, ToPage } from '../service-worker/messages.ts';
import { type Container, keepForOffline, NOT_ALL_KEPT, NOT_KEPT } from './offline.ts';
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

/** The browser's side of it; never ready unless told. */
function container(parts: Partial<Container>) {
  let listener: ((event: { data: ToPage }) => void) | undefined;
  const whole: Container = {
    register: async () => ({ installing: null, active: null }),
    ready: new Promise(() => {}),
    addEventListener: (_, listen) => {
      listener = listen;
    },
    ...parts,
  };
  return { whole, say: (data: ToPage) => listener?.({ data }) };
}

const watchNothing = () => {};

test('the service worker beside the page is registered, quietly', async () => {
  const session = createSessionStore();
  const { target, endAs } = installation();
  const asked: string[] = [];
  const register = async (address: URL) => {
    asked.push(address.href);
    return { installing: target, active: null };
  };
  await keepForOffline(session, container({ register }).whole, BASE, watchNothing);
  endAs('activated');
  expect(asked).toEqual([`${BASE}sw.js`]);
  expect(session.getState().notices).toEqual([]);
});

test('the worker is told what the page has loaded and goes on to load', async () => {
  const told: FromPage[] = [];
  const active = { postMessage: (message: FromPage) => void told.push(message) };
  const ready = Promise.resolve({ installing: null, active });
  const { whole } = container({ ready });
  let load: (addresses: readonly string[]) => void = () => {};
  await keepForOffline(createSessionStore(), whole, BASE, (onLoaded) => {
    load = onLoaded;
    onLoaded([`${BASE}assets/early.js`]);
  });
  await vi.waitFor(() => expect(told).toHaveLength(2));
  load([`${BASE}weights.bin`]);
  expect(told).toEqual([
    { kind: 'loaded', addresses: [`${BASE}assets/early.js`] },
    { kind: 'idle' },
    { kind: 'loaded', addresses: [`${BASE}weights.bin`] },
  ]);
});

test('a refusal is said once', async () => {
  const session = createSessionStore();
  const register = async () => {
    throw new DOMException('denied', 'SecurityError');
  };
  for (let i = 0; i < 2; i++) await keepForOffline(session, container({ register }).whole, BASE, watchNothing);
  expect(session.getState().notices).toEqual([NOT_KEPT]);
});

test('a first installation that runs out of room is said; a failed update is not', async () => {
  for (const [active, notices] of [
    [null, [NOT_KEPT]],
    [{} as ServiceWorker, []],
  ] as const) {
    const session = createSessionStore();
    const { target, endAs } = installation();
    const { whole } = container({ register: async () => ({ installing: target, active }) });
    await keepForOffline(session, whole, BASE, watchNothing);
    endAs('redundant');
    expect(session.getState().notices).toEqual(notices);
  }
});

test('no more room for what was used is said', async () => {
  const session = createSessionStore();
  const { whole, say } = container({});
  await keepForOffline(session, whole, BASE, watchNothing);
  say({ kind: 'full' });
  say({ kind: 'full' });
  expect(session.getState().notices).toEqual([NOT_ALL_KEPT]);
});

test('a browser without service workers is left alone', async () => {
  const session = createSessionStore();
  await keepForOffline(session, undefined, BASE);
  expect(session.getState().notices).toEqual([]);
});
