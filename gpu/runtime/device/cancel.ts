// Waiting on the GPU in a way that an abort signal ends at once. What was already submitted runs on; nobody waits for it.

import { EngineError } from '../../core/errors.ts';

/** The caller's own reason, where it gave one, is the error's `cause`. */
export function abortedBy(signal: AbortSignal, what = 'the run'): EngineError {
  const error = new EngineError('aborted', `${what} was cancelled`);
  error.cause = signal.reason;
  return error;
}

/** @throws EngineError aborted */
export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw abortedBy(signal);
}

/** Settles as `work` does, or rejects as soon as `signal` fires. @throws EngineError aborted */
export function abortable<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortedBy(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
