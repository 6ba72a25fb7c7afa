// The service worker keeps the whole site, so that it opens without a network. A browser that refuses it (storage denied or full,
// private windows) gets the same page; only that one promise is taken back, aloud.

import { tell } from './stores/notices.ts';
import type { SessionStore } from './stores/session-store.ts';

/** Why the site is not kept, as the page says it. */
export const NOT_KEPT =
  'This browser keeps nothing for this page (its storage is denied or full), so the page will not open without a network. All else works.';

type Registration = Pick<ServiceWorkerRegistration, 'installing' | 'active'>;
type Container = { register(address: URL, options: RegistrationOptions): Promise<Registration | undefined> };

/** Registers the service worker beside the page; whatever goes wrong with it is a notice, never an error. */
export async function keepForOffline(
  session: SessionStore,
  container: Container | undefined,
  base: string,
): Promise<void> {
  // Without a secure context, or in a few private windows, there is none: nothing was promised there.
  if (!container) return;
  try {
    // Where a tool or policy has switched registering off there is nothing to follow, against the types.
    const registration = await container.register(new URL('sw.js', base), { scope: './' });
    const installing = registration?.installing;
    // A later version that could not be kept leaves the kept one in its place.
    const isFirst = !registration?.active;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant' && isFirst) tell(session, NOT_KEPT);
    });
  } catch {
    tell(session, NOT_KEPT);
  }
}
