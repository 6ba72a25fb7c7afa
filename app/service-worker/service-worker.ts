// The service worker: built as a file of its own beside the page, with the list of the site's files in place of SITE_FILES
// (scripts/service-worker-plugin.mjs). A new version waits until all tabs of the old one are closed.

import { createKeptFiles, type SiteFiles } from './kept-files.ts';
import type { FromPage, ToPage } from './messages.ts';

declare const SITE_FILES: SiteFiles;

interface WorkEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends WorkEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

/** What of a service worker's global scope is used; the page's own types have none of it. */
interface WorkerScope {
  registration: ServiceWorkerRegistration;
  caches: CacheStorage;
  clients: { claim(): Promise<void>; matchAll(): Promise<readonly { postMessage(message: ToPage): void }[]> };
  addEventListener(type: 'install' | 'activate', listener: (event: WorkEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
  addEventListener(type: 'message', listener: (event: WorkEvent & { data: FromPage }) => void): void;
}

const worker = self as unknown as WorkerScope;
const { scope } = worker.registration;
/** Other sites may lie on the same origin: the folder is in the name. */
const CACHE = `tilescope ${scope}`;
const files = createKeptFiles(
  SITE_FILES,
  scope,
  () => worker.caches.open(CACHE),
  (address, options) => fetch(address, options),
);

/** Says aloud that something could not be kept; the page works on. */
async function tellFull(): Promise<void> {
  for (const client of await worker.clients.matchAll()) client.postMessage({ kind: 'full' });
}

async function install(): Promise<void> {
  try {
    await files.install();
  } catch (error) {
    // Half a site is of no use; one that worked before stays.
    if (!worker.registration.active) await worker.caches.delete(CACHE);
    throw error;
  }
}

async function activate(): Promise<void> {
  const names = await worker.caches.keys();
  await Promise.all(
    names.filter((name) => name !== CACHE && name.endsWith(scope)).map((name) => worker.caches.delete(name)),
  );
  await files.clean();
  // The first visit is answered from here on, too: what it loads later is kept.
  await worker.clients.claim();
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? files.fileOf(request.url) : null;
  if (path === null) return;
  const answered = files.answer(path, (work) => event.waitUntil(work.catch(tellFull)));
  event.respondWith(answered);
  // A file of this build that the server has no more: there is a newer one.
  const looked = answered.then(
    ({ status }) => (status === 404 ? worker.registration.update() : undefined),
    () => undefined,
  );
  event.waitUntil(looked.catch(() => {}));
});

worker.addEventListener('message', (event) => {
  const { data } = event;
  const paths =
    data.kind === 'loaded'
      ? data.addresses.map((address) => files.fileOf(address)).filter((path) => path !== null)
      : Object.keys(SITE_FILES.hand);
  event.waitUntil(files.keep(paths).catch(tellFull));
});
