// A graphics device, or the worker that holds it, can go away in the middle of anything. What ran is then run again, once.

import { EngineError } from '#gpu/core/errors.ts';

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
