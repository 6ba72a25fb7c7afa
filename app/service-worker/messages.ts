// What the page and its service worker tell each other.

export type FromPage =
  /** Addresses of what the page has loaded, perhaps before the worker stood between it and the network. */
  | { kind: 'loaded'; addresses: readonly string[] }
  /** The page has nothing to do: what is small and at hand can be fetched. */
  | { kind: 'idle' };

/** Something used could not be kept. */
export type ToPage = { kind: 'full' };
