// The service worker keeps what a visit uses, so that it opens without a network. A browser that refuses it (storage denied or full,
// private windows) gets the same page; only that one promise is taken back, aloud.

import type { FromPage, ToPage } from '../service-worker/messages.ts';
import { tell } from './stores/notices.ts';
import type { SessionStore } from './stores/session-store.ts';

/** Why the site is not kept, as the page says it. */
export const NOT_KEPT =
  'This browser keeps nothing for this page (its storage is denied or full), so the page will not open without a network. All else works.';

/** Why some of it is not. */
export const NOT_ALL_KEPT =
  'This browser has no more room for this page: some of what was opened just now will need the network again. All else works.';

type Worker = Pick<ServiceWorker, 'postMessage'>;
export interface Registration {
  installing: Pick<ServiceWorker, 'state' | 'addEventListener'> | null;
  /** The worker that keeps files now. */
  active: Worker | null;
}
export interface Container {
  register(address: URL, options: RegistrationOptions): Promise<Registration | undefined>;
  /** Resolves once there is an active worker; never where there is none to be. */
  ready: Promise<Registration>;
  addEventListener(type: 'message', listener: (event: { data: ToPage }) => void): void;
}

/** Calls back with the addresses of all that the page loads, from its start on. */
export type WatchLoads = (onLoaded: (addresses: readonly string[]) => void) => void;

export const watchLoads: WatchLoads = (onLoaded) => {
  const observer = new PerformanceObserver((list) => {
    const loaded = (list.getEntries() as PerformanceResourceTiming[]).filter(
      ({ responseStatus = 200 }) => responseStatus === 200,
    );
    onLoaded(loaded.map(({ name }) => name));
  });
  observer.observe({ type: 'resource', buffered: true });
};

/** Registers the service worker beside the page and tells it what is used; whatever goes wrong with it is a notice, never an error. */
export async function keepForOffline(
  session: SessionStore,
  container: Container | undefined,
  base: string,
  watch: WatchLoads = watchLoads,
): Promise<void> {
  // Without a secure context, or in a few private windows, there is none: nothing was promised there.
  if (!container) return;
  try {
    container.addEventListener('message', ({ data }) => {
      if (data.kind === 'full') tell(session, NOT_ALL_KEPT);
    });
    // Where a tool or policy has switched registering off there is nothing to follow, against the types.
    const registration = await container.register(new URL('sw.js', base), { scope: './' });
    const installing = registration?.installing;
    // A later version that could not be kept leaves the kept one in its place.
    const isFirst = !registration?.active;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant' && isFirst) tell(session, NOT_KEPT);
    });
    if (!registration) return;
    void container.ready.then((ready) => {
      const say = (message: FromPage) => ready.active?.postMessage(message);
      watch((addresses) => say({ kind: 'loaded', addresses }));
      say({ kind: 'idle' });
    });
  } catch {
    tell(session, NOT_KEPT);
  }
}
