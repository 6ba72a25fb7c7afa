// One worker and the calls that wait for it.

import { EngineError } from '../../core/errors.ts';
import type { AdapterFacts } from '../api.ts';
import { abortedBy, throwIfAborted } from '../device/cancel.ts';
import type { CallName, Calls, ToPage, ToWorker } from './protocol.ts';
import { whenLifeEnds } from './worker-life.ts';

interface CallOptions<Gives> {
  signal?: AbortSignal;
  /** Memory in `takes` that the worker may take over. */
  transfer?: ArrayBuffer[];
  onProgress?: (share: number) => void;
  /** Called with an answer that came after the call was aborted. */
  onLate?: (gives: Gives) => void;
}

interface Waiting {
  resolve(gives: unknown): void;
  reject(error: EngineError): void;
  onProgress?: (share: number) => void;
}

export class WorkerLine {
  /** The device's facts as last told. */
  facts?: AdapterFacts;
  /** Why the worker no longer answers. */
  ended?: EngineError;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watch = new AbortController();
  #calls = 0;
  #answered = false;

  constructor(readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<ToPage>) => this.#receive(data);
    worker.onmessageerror = () => this.end(stopped('a message could not be read', this.#answered));
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(stopped(event.message || 'no reason given', this.#answered));
    };
  }

  /** @throws EngineError what the engine throws, aborted, or why the worker ended */
  async call<Name extends CallName>(
    call: Name,
    takes: Calls[Name]['takes'],
    { signal, transfer, onProgress, onLate }: CallOptions<Calls[Name]['gives']> = {},
  ): Promise<Calls[Name]['gives']> {
    throwIfAborted(signal);
    if (this.ended) throw this.ended;
    const id = ++this.#calls;
    let abort = () => {};
    try {
      return await new Promise<Calls[Name]['gives']>((resolve, reject) => {
        abort = () => {
          this.worker.postMessage({ abort: id } satisfies ToWorker);
          this.#waiting.set(id, { resolve: (late) => onLate?.(late as Calls[Name]['gives']), reject: () => {} });
          reject(abortedBy(signal!));
        };
        signal?.addEventListener('abort', abort, { once: true });
        this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress });
        try {
          this.worker.postMessage({ id, call, takes } as ToWorker, transfer ?? []);
        } catch (error) {
          this.#waiting.delete(id);
          reject(new EngineError('bad-input', `${call}: ${(error as Error).message}`, { field: call }));
        }
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** A call whose answer nobody waits for. */
  send<Name extends CallName>(call: Name, takes: Calls[Name]['takes']): void {
    this.call(call, takes).catch(() => {});
  }

  /** Stops the worker and fails what waits for it. */
  end(because: EngineError = stopped('it was ended', true)): void {
    if (this.ended) return;
    this.ended = because;
    this.#watch.abort();
    this.worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(because);
    this.#waiting.clear();
  }

  #receive(message: ToPage): void {
    const waiting = this.#waiting.get(message.id);
    if ('progress' in message) {
      waiting?.onProgress?.(message.progress);
      return;
    }
    this.#answered = true;
    if (message.facts) this.facts = message.facts;
    if ('life' in message && message.life !== undefined) {
      whenLifeEnds(message.life, this.#watch.signal, () => this.end(stopped('it was ended from outside', true)));
    }
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(EngineError.from(message.error));
    else waiting?.resolve(message.gives);
  }
}

/** What lived on a worker that had answered is lost, as with a device; one that never did could not be loaded. */
function stopped(why: string, answered: boolean): EngineError {
  return answered
    ? new EngineError('device-lost', `the engine's worker stopped: ${why}`)
    : new EngineError('internal', `the engine's worker could not be loaded: ${why}`);
}
