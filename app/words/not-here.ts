// Parts of the site that cannot be had: what was never opened in this browser is not kept in it.

/** A part that could not be loaded, with what can be done about it. */
export class NotHere extends Error {
  override name = 'NotHere';

  /** @param what as a sentence begins with it: 'The gallery' */
  constructor(what: string, cause: unknown) {
    super(`${what} could not be loaded. ${whatToDo()}`, { cause });
  }
}

/** A browser that says it has no network is right; one that says it has may be wrong. */
export function whatToDo(): string {
  return globalThis.navigator?.onLine === false
    ? 'It was not opened in this browser before, so it needs the network once: try again when there is one.'
    : 'It needs the network once: try again when there is one. If there is, the site was renewed since this page was opened: close its tabs and open it again.';
}
