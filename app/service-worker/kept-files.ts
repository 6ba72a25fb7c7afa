// What the service worker keeps of this site, and how it answers from it. The list of all files of this build, with a digest of each,
// is written into the worker when the site is built; only bytes with that digest are kept, so an update never finds an old recording
// beside new code. A first visit's files are fetched at installation, all others are kept when they are used.

/** Path below the site's folder → first 16 hexadecimal digits of the SHA-256 of its bytes. */
export type Digests = Readonly<Record<string, string>>;

export interface SiteFiles {
  /** What the page needs to start and to run its first exhibit: without them there is no installation. */
  first: Digests;
  /** Small parts that anybody may press next; fetched when the page has nothing to do. */
  hand: Digests;
  /** Recordings, weights, other exhibits. */
  used: Digests;
  /** What else is kept with a file of `used`: the rest of an exhibit. */
  together: Readonly<Record<string, readonly string[]>>;
}

export interface KeptFiles {
  /** Path of the file of this build that `address` stands for, or null. */
  fileOf(address: string): string | null;
  /** Fetches and keeps a first visit's files that are not here yet. @throws where one cannot be had or kept */
  install(): Promise<void>;
  /** Lets go of what this build does not consist of. */
  clean(): Promise<void>;
  /**
   * A file as it is kept; else from the network, and kept from then on.
   * @param later is given the work that goes on after the answer
   */
  answer(path: string, later: (work: Promise<void>) => void): Promise<Response>;
  /** Keeps files that are used or will be; what the network does not give now is left out. @throws where there is no room */
  keep(paths: readonly string[]): Promise<void>;
}

const PAGE = 'index.html';
/** Names of built files carry a hash, so no cache on the way has another file under one. */
const HASHED = /^assets\//;

async function digestOf(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param base address of the site's folder, with a slash at its end
 * @param open the cache that all versions of the site share; its keys carry the digests
 */
export function createKeptFiles(
  { first, hand, used, together }: SiteFiles,
  base: string,
  open: () => Promise<Cache>,
  get: (address: string, options: RequestInit) => Promise<Response>,
): KeptFiles {
  const digests = new Map(Object.entries({ ...used, ...hand, ...first }));
  const underWay = new Map<string, Promise<void>>();
  const keyOf = (path: string) => new URL(`${path}?${digests.get(path)}`, base).href;
  // Some servers redirect from the page's file name to its folder, and a redirected answer is none for a navigation.
  const addressOf = (path: string) => (path === PAGE ? base : new URL(path, base).href);

  /** @returns false for bytes of another build */
  async function store(path: string, response: Response): Promise<boolean> {
    const bytes = await response.clone().arrayBuffer();
    if ((await digestOf(bytes)) !== digests.get(path)) return false;
    await (await open()).put(keyOf(path), response);
    return true;
  }

  /** @returns false where neither the browser's own cache nor the network has this build's file */
  async function fetchAndStore(path: string): Promise<boolean> {
    for (const cache of ['force-cache', 'reload'] as const) {
      const response = await get(addressOf(path), { cache }).catch(() => null);
      if (response?.status === 200 && (await store(path, response))) return true;
    }
    return false;
  }

  /** What the network does not give now is left out. */
  async function keep(paths: readonly string[]): Promise<void> {
    const wanted = new Set(paths.flatMap((path) => [path, ...(together[path] ?? [])]));
    for (const path of wanted) {
      await underWay.get(path)?.catch(() => {});
      if (!(await isKept(path))) await fetchAndStore(path);
    }
  }

  const isKept = async (path: string) => (await (await open()).match(keyOf(path))) !== undefined;

  return {
    fileOf(address) {
      const [at, folder] = [new URL(address), new URL(base)];
      if (at.origin !== folder.origin || !at.pathname.startsWith(folder.pathname)) return null;
      const path = at.pathname.slice(folder.pathname.length) || PAGE;
      return digests.has(path) ? path : null;
    },

    async install() {
      for (const path of Object.keys(first)) {
        if (!(await isKept(path)) && !(await fetchAndStore(path)))
          throw new Error(`${path} of this version cannot be had`);
      }
    },

    async clean() {
      const cache = await open();
      const keys = new Set([...digests.keys()].map(keyOf));
      const old = (await cache.keys()).filter(({ url }) => !keys.has(url));
      await Promise.all(old.map((request) => cache.delete(request)));
    },

    async answer(path, later) {
      // A cache that cannot be opened any more must not stand between the page and the network.
      const kept = await open().then(
        (cache) => cache.match(keyOf(path)),
        () => undefined,
      );
      if (kept) return kept;
      const response = await get(addressOf(path), { cache: HASHED.test(path) ? 'default' : 'no-cache' });
      if (response.status === 200) {
        const copy = response.clone();
        const work = store(path, copy).then(() => {});
        underWay.set(path, work);
        const done = work.finally(() => underWay.delete(path));
        later(done.then(() => keep(together[path] ?? [])));
      }
      return response;
    },

    keep,
  };
}
