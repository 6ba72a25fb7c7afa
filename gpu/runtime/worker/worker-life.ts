// A worker that is ended from outside says nothing: no event, no answer, and the page would wait for ever. So it holds a lock as long
// as it lives, and whoever waits for that lock learns when it is over.

/** The lock manager; absent outside of secure contexts and in browsers without it. */
const locks = (): LockManager | undefined => (globalThis.navigator as Navigator | undefined)?.locks;

/** In the worker: takes a lock of its own and keeps it. @returns its name; undefined where there are no locks */
export async function holdLife(): Promise<string | undefined> {
  const manager = locks();
  if (!manager) return undefined;
  const name = `tilescope-worker-${crypto.randomUUID()}`;
  try {
    await new Promise<void>((granted, refused) => {
      const held = manager.request(name, () => {
        granted();
        return new Promise<never>(() => {});
      });
      held.catch(refused);
    });
    return name;
  } catch {
    // Storage is denied here, and locks with it: the worker works unwatched.
    return undefined;
  }
}

/** On the page: calls back when the worker that holds lock `name` is gone, unless `signal` says that nobody cares any more. */
export function whenLifeEnds(name: string, signal: AbortSignal, callback: () => void): void {
  locks()
    ?.request(name, { signal }, () => callback())
    .catch(() => {}); // aborted, or refused: then nothing is watched
}
