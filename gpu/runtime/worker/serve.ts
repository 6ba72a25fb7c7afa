// The worker's side of the facade: answers messages with an engine.

import { EngineError } from '../../core/errors.ts';
import type { AdapterFacts, Engine, EngineOptions, Session } from '../api.ts';
import { packRun, transferables } from './packed-run.ts';
import type { CallName, Calls, Request, ToPage, ToWorker } from './protocol.ts';
import { holdLife } from './worker-life.ts';

/** The part of a worker's global scope that is used here. */
export interface MessagePoint {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: ToPage, transfer: Transferable[]): void;
}

/** Answers calls arriving at `point`; the first of them, `start`, opens the engine. */
export function serve(point: MessagePoint, openEngine: (options: EngineOptions) => Promise<Engine>): void {
  const desk = new Desk(openEngine);
  const running = new Map<number, AbortController>();
  let told: AdapterFacts | undefined;

  async function answer(request: Request): Promise<void> {
    const { id } = request;
    const abort = new AbortController();
    running.set(id, abort);
    const news = () => {
      const facts = desk.engine?.adapter;
      if (facts === told) return {};
      told = facts;
      return { facts };
    };
    try {
      const onProgress = (progress: number) => point.postMessage({ id, progress }, []);
      const life = request.call === 'start' ? await holdLife() : undefined;
      const gives = await desk.answer(request, { signal: abort.signal, onProgress });
      point.postMessage({ id, gives, life, ...news() }, transferables(gives));
    } catch (error) {
      point.postMessage({ id, error: asEngineError(error).toJSON(), ...news() }, []);
    } finally {
      running.delete(id);
    }
  }

  point.onmessage = ({ data }) => {
    if ('abort' in data) running.get(data.abort)?.abort();
    else void answer(data);
  };
}

interface Ways {
  signal: AbortSignal;
  onProgress(share: number): void;
}

class Desk {
  engine?: Engine;
  readonly #sessions = new Map<number, Session>();
  #opened = 0;

  constructor(private readonly openEngine: (options: EngineOptions) => Promise<Engine>) {}

  async answer(request: Request, { signal, onProgress }: Ways): Promise<Calls[CallName]['gives']> {
    switch (request.call) {
      case 'start':
        this.engine = await this.openEngine({ ...request.takes.options, signal });
        return this.engine.adapter;
      case 'run': {
        const { experiment, inputs, trace } = request.takes;
        return packRun(await this.#engine().run(experiment, { inputs, trace, signal }));
      }
      case 'runKernel':
        return packRun(await this.#engine().runKernel(request.takes.kernel, { trace: request.takes.trace, signal }));
      case 'measure': {
        const { contestants, options } = request.takes;
        return this.#engine().measure(contestants, { ...options, signal, onProgress });
      }
      case 'open': {
        const session = await this.#engine().open(request.takes.what, { inputs: request.takes.inputs, signal });
        const number = ++this.#opened;
        this.#sessions.set(number, session);
        return { session: number, bytes: session.bytes };
      }
      case 'runPart': {
        const { session, part, inputs, trace, params } = request.takes;
        return packRun(await this.#session(session).run(part, { inputs, trace, params, signal }));
      }
      case 'read':
        return this.#session(request.takes.session).read(request.takes.buffer);
      case 'write': {
        const { session, buffer, tensor, at } = request.takes;
        await this.#session(session).write(buffer, tensor, at);
        return null;
      }
      case 'crop':
        await this.#session(request.takes.session).crop(request.takes.length);
        return null;
      case 'close':
        this.#sessions.get(request.takes.session)?.dispose();
        this.#sessions.delete(request.takes.session);
        return null;
    }
  }

  #engine(): Engine {
    if (!this.engine) throw new EngineError('internal', 'the worker was called before its engine was opened');
    return this.engine;
  }

  #session(number: number): Session {
    const session = this.#sessions.get(number);
    if (!session) throw new EngineError('disposed', 'the session was disposed');
    return session;
  }
}

/** Errors that are not ours (a bug, a browser's refusal) keep their message. */
function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError('internal', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
