// Waiting on the GPU in a way that an abort signal ends at once. What was already submitted runs on; nobody waits for it.

import { EngineError } from '../core/errors.ts';

/** @throws EngineError aborted */
export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new EngineError('aborted', 'the run was cancelled');
}

/** Settles as `work` does, or rejects as soon as `signal` fires. @throws EngineError aborted */
export function abortable<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new EngineError('aborted', 'the run was cancelled'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
