// One job at a time on the device: a timed run must not share it, and a recording's memory is not needed twice over.

import { abortable, throwIfAborted } from './cancel.ts';

export class JobQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `job` once all earlier ones have settled. @throws EngineError aborted while waiting */
  async enter<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    throwIfAborted(signal);
    const before = this.#last;
    let leave = () => {};
    this.#last = Promise.all([before, new Promise<void>((resolve) => (leave = resolve))]);
    try {
      await abortable(before, signal);
      return await job();
    } finally {
      leave();
    }
  }
}
