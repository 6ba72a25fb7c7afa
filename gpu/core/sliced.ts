// Long work as a generator that pauses every few milliseconds: done at once where nobody waits, or between frames where somebody does.

/** Work that can be paused at each `yield` and ends with a T. */
export type Sliced<T> = Generator<void, T, void>;

/** Rows of a table that are worked through between two pauses: under a millisecond or two on a slow machine. */
export const SLICE_ROWS = 2048;

/** A slice of work may take this long before the page gets its turn, ms; a fifth of a task that would be noticed. */
const BUDGET_MS = 10;

/** Does all of the work now. */
export function finish<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** What the page's clock and event loop give; injected so that pauses can be tested. */
export interface Breather {
  now(): number;
  /** Resolves after the page had its turn. */
  pause(): Promise<void>;
}

export const pageBreather: Breather = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
};

/** Does the work in slices. @throws what the work throws */
export async function finishInSlices<T>(work: Sliced<T>, { now, pause }: Breather = pageBreather): Promise<T> {
  let began = now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (now() - began < BUDGET_MS) continue;
    await pause();
    began = now();
  }
}
