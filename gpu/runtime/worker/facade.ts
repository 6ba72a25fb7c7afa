// The engine as the main thread sees it: the very `Engine` interface, answered by a worker. Arrays the caller hands in are copied,
// never detached; results are handed over without a copy. A worker that dies fails its calls and is replaced at the next one.

import { EngineError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import type {
  AdapterFacts,
  Engine,
  EngineOptions,
  Experiment,
  KernelSpec,
  Measurement,
  MeasureOptions,
  ModelSpec,
  PartOptions,
  Run,
  RunOptions,
  Session,
} from '../api.ts';
import {
  checkContestants,
  checkExperiment,
  checkKernelSpec,
  checkMeasure,
  checkRun,
  requireObject,
} from '../call/check-call.ts';
import { copied } from '../call/copy-arguments.ts';
import { transferables, unpackRun } from './packed-run.ts';
import { WorkerLine } from './worker-line.ts';

/**
 * Starts the engine in a worker of its own.
 *
 * @throws EngineError as openEngine does, and internal when the worker cannot be loaded
 */
export function openEngineInWorker(options: EngineOptions = {}): Promise<Engine> {
  const create = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'tilescope-engine' });
  return EngineFacade.open(create, options);
}

export class EngineFacade implements Engine {
  #line: WorkerLine;
  #adapter: AdapterFacts;
  #restarting: Promise<WorkerLine> | undefined;
  #disposed = false;
  /** Said once, by the next run. */
  #news: string[] = [];

  private constructor(
    private readonly create: () => Worker,
    private readonly options: Omit<EngineOptions, 'signal'>,
    line: WorkerLine,
    adapter: AdapterFacts,
  ) {
    this.#line = line;
    this.#adapter = adapter;
  }

  /** @param create makes the worker; called again when one dies */
  static async open(create: () => Worker, { signal, ...options }: EngineOptions = {}): Promise<EngineFacade> {
    const line = new WorkerLine(create());
    try {
      const adapter = await line.call('start', { options }, { signal });
      return new EngineFacade(create, options, line, adapter);
    } catch (error) {
      line.end();
      throw error;
    }
  }

  get adapter(): AdapterFacts {
    return this.#line.facts ?? this.#adapter;
  }

  /** The worker in use; for tests that break it on purpose. */
  get worker(): Worker {
    return this.#line.worker;
  }

  async run(experiment: Experiment, options: RunOptions = {}): Promise<Run> {
    checkExperiment(experiment);
    checkRun(options);
    const { inputs, trace, signal } = options;
    const takes = copied({ experiment, inputs, trace });
    const line = await this.#liveLine();
    const packed = await line.call('run', takes, { signal, transfer: transferables(takes.inputs) });
    return this.#withNews(unpackRun(packed));
  }

  async runKernel(kernel: KernelSpec, options: Pick<RunOptions, 'trace' | 'signal'> = {}): Promise<Run> {
    checkKernelSpec(kernel);
    checkRun(options);
    const { trace, signal } = options;
    const takes = copied({ kernel, trace });
    const line = await this.#liveLine();
    const packed = await line.call('runKernel', takes, { signal, transfer: transferables(takes.kernel.bindings) });
    return this.#withNews(unpackRun(packed));
  }

  async measure(contestants: (Experiment | KernelSpec)[], options: MeasureOptions = {}): Promise<Measurement[]> {
    checkContestants(contestants);
    checkMeasure(options);
    const { rounds, minSampleMs, signal, onProgress } = options;
    const takes = { contestants: copied(contestants), options: { rounds, minSampleMs } };
    const line = await this.#liveLine();
    return line.call('measure', takes, { signal, onProgress });
  }

  async open(what: Experiment | ModelSpec, options: Pick<RunOptions, 'inputs' | 'signal'> = {}): Promise<Session> {
    checkExperiment(what);
    checkRun(options);
    const { inputs, signal } = options;
    const takes = copied({ what, inputs });
    const line = await this.#liveLine();
    const { session, bytes } = await line.call(
      'open',
      takes,
      // Opened after the caller had gone: nobody else will close it.
      {
        signal,
        transfer: transferables(takes.inputs),
        onLate: (late) => line.send('close', { session: late.session }),
      },
    );
    return new SessionFacade(line, session, bytes);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#line.end(new EngineError('disposed', 'the engine was disposed'));
  }

  /** @throws EngineError disposed, or what keeps a new worker from starting */
  async #liveLine(): Promise<WorkerLine> {
    if (this.#disposed) throw new EngineError('disposed', 'the engine was disposed');
    const { ended } = this.#line;
    if (!ended) return this.#line;
    this.#restarting ??= this.#restart(ended).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async #restart(because: EngineError): Promise<WorkerLine> {
    const line = new WorkerLine(this.create());
    try {
      this.#adapter = await line.call('start', { options: this.options });
    } catch (error) {
      line.end();
      throw error;
    }
    this.#news.push(`${because.message}; it has been restarted`);
    this.#line = line;
    if (this.#disposed) line.end(new EngineError('disposed', 'the engine was disposed'));
    return line;
  }

  #withNews(run: Run): Run {
    run.warnings.unshift(...this.#news.splice(0));
    return run;
  }
}

class SessionFacade implements Session {
  #disposed = false;

  constructor(
    private readonly line: WorkerLine,
    private readonly session: number,
    readonly bytes: Record<string, number>,
  ) {}

  async run(part: string, options: PartOptions = {}): Promise<Run> {
    this.#requireOpen();
    checkRun(options);
    const { inputs, trace, params, signal } = options;
    const { session } = this;
    const takes = { session, part, inputs: copied(inputs), trace, params };
    return unpackRun(await this.line.call('runPart', takes, { signal, transfer: transferables(takes.inputs) }));
  }

  async read(buffer: string): Promise<Tensor> {
    this.#requireOpen();
    return this.line.call('read', { session: this.session, buffer });
  }

  async write(buffer: string, tensor: Tensor, at = 0): Promise<void> {
    this.#requireOpen();
    requireObject(buffer, tensor);
    await this.line.call('write', { session: this.session, buffer, tensor: copied(tensor), at });
  }

  async crop(length: number): Promise<void> {
    this.#requireOpen();
    await this.line.call('crop', { session: this.session, length });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.line.ended) this.line.send('close', { session: this.session });
  }

  #requireOpen(): void {
    if (this.#disposed) throw new EngineError('disposed', 'the session was disposed');
  }
}
