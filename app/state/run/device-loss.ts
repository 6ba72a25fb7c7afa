// A graphics device, or the worker that holds it, can go away in the middle of anything. What ran is then run again, once.

import { EngineError } from '#gpu/core/errors.ts';

import { tell } from '../stores/notices.ts';
import type { SessionStore } from '../stores/session-store.ts';

export interface Repeat {
  signal: AbortSignal;
  /** False for kernels that someone edited: they may be what brought the device down, so the user decides. */
  mayRepeat: boolean;
  /** Called before the second try with what happened. */
  onLoss(message: string): void;
}

/**
 * Does `work`, and once more if the device was lost under it; the engine opens a new one by itself.
 *
 * @throws what `work` throws; device-lost when it may not be repeated or is lost a second time
 */
export async function survivingLoss<T>(work: () => Promise<T>, { signal, mayRepeat, onLoss }: Repeat): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const lost = error instanceof EngineError && error.code === 'device-lost';
    if (!lost || !mayRepeat || signal.aborted) throw error;
    onLoss(error.message);
    return work();
  }
}

/** `survivingLoss` for a page: a second try is said in the session's notices, and runs with `edited` kernels get none. */
export function createSurvivor(session: SessionStore) {
  const onLoss = (message: string) => {
    tell(session, `${message}. It was opened again, and what was running was run again.`);
  };
  return <T>(work: () => Promise<T>, signal: AbortSignal, edited: readonly string[] = []): Promise<T> =>
    survivingLoss(work, { signal, mayRepeat: edited.length === 0, onLoss });
}
