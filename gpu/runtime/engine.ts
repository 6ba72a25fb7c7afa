// The direct engine: one device, sessions over plans, foreign kernels, timing. The worker facade speaks the same interface.

import { EngineError } from '../core/errors.ts';
import { ids, loadMechanism, mechanisms } from '../mechanisms/registry.ts';
import { loadModel, models } from '../model/registry.ts';
import type {
  AdapterFacts,
  Engine,
  EngineOptions,
  Experiment,
  KernelSpec,
  Measurement,
  MeasureOptions,
  ModelSpec,
  Run,
  RunOptions,
  Session,
} from './api.ts';
import { checkContestants, checkExperiment, checkKernelSpec, checkMeasure, checkRun } from './call/check-call.ts';
import { copied } from './call/copy-arguments.ts';
import { type DeviceContext, openDevice } from './device/device.ts';
import { JobQueue } from './device/job-queue.ts';
import { loadPart } from './device/load-part.ts';
import type { Catalogue } from './run/catalogue.ts';
import { resolve } from './run/experiment.ts';
import { runOnce } from './run/run-once.ts';
import { PlanSession, WHOLE } from './run/session.ts';

/**
 * Opens the adapter's device.
 *
 * @throws EngineError no-webgpu, no-adapter, aborted, device-lost
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const listed = ids;
  return DirectEngine.open(options, { mechanisms, models, listed, loadMechanism, loadModel });
}

const loadForeign = () => loadPart('the reader of foreign kernels', () => import('./foreign/kernel-run.ts'));

export class DirectEngine implements Engine {
  readonly #queue = new JobQueue();
  #context: DeviceContext;
  #disposed = false;
  /** Said once, by the next run. */
  #news: string[] = [];
  /** While a lost device is replaced. */
  #reopening: Promise<void> | undefined;

  private constructor(
    context: DeviceContext,
    private readonly options: EngineOptions,
    private readonly catalogue: Catalogue,
  ) {
    this.#context = context;
  }

  static async open(options: EngineOptions, catalogue: Catalogue): Promise<DirectEngine> {
    return new DirectEngine(await openDevice(options), options, catalogue);
  }

  get adapter(): AdapterFacts {
    return this.#context.facts;
  }

  /** The device in use; for tests that lose it on purpose or count its buffers. */
  get context(): DeviceContext {
    return this.#context;
  }

  async run(experiment: Experiment, options: RunOptions = {}): Promise<Run> {
    checkRun(options);
    const { signal } = options;
    const trace = copied(options.trace);
    const session = await this.#openSession(experiment, options);
    try {
      const run = await session.run(WHOLE, { trace, signal });
      return { ...run, ran: session.resolved.ran };
    } finally {
      // A run that failed or was cancelled leaves them to the next.
      this.#news.unshift(...session.takeNews());
      session.dispose();
    }
  }

  async open(what: Experiment | ModelSpec, options: Pick<RunOptions, 'inputs' | 'signal'> = {}): Promise<Session> {
    checkRun(options);
    const session = await this.#openSession(what, options);
    const { stream } = session.resolved;
    if (!stream) return session;
    const { StreamSession } = await loadPart('the session of a model', () => import('./run/stream-session.ts'));
    return new StreamSession(session, stream);
  }

  async #openSession(given: Experiment | ModelSpec, options: Pick<RunOptions, 'inputs' | 'signal'>) {
    checkExperiment(given);
    const { signal } = options;
    const [what, own] = [copied(given), copied(options.inputs)];
    const inputs = 'model' in what && what.weights ? { ...what.weights, ...own } : own;
    await this.#load(what);
    return this.#onLiveDevice(async (context) => {
      const resolved = await compilable(context, what.sources ?? {}, () =>
        resolve(this.catalogue, what, inputs, context.facts.limits),
      );
      const session = await PlanSession.open(context, resolved, this.#queue, signal);
      session.announce(this.#takeNews());
      return session;
    });
  }

  async runKernel(given: KernelSpec, options: Pick<RunOptions, 'trace' | 'signal'> = {}): Promise<Run> {
    checkKernelSpec(given);
    checkRun(options);
    const { signal } = options;
    const [kernel, trace] = [copied(given), copied(options.trace)];
    return this.#queue.enter(async () => {
      const { allocateScoped, FOREIGN_FILE, planKernel } = await loadForeign();
      const { context, memory, plan } = await this.#onLiveDevice(async (live) => {
        const plan = await compilable(live, { [FOREIGN_FILE]: kernel.wgsl }, () =>
          planKernel(kernel, live.facts.limits, live.facts.features),
        );
        return { context: live, plan, memory: await allocateScoped(live, plan) };
      });
      try {
        const run = await runOnce(context, memory.runnable, { trace, signal });
        run.warnings.unshift(...this.#takeNews(), ...plan.warnings);
        return run;
      } finally {
        for (const buffer of memory.buffers) context.buffers.release(buffer);
      }
    }, signal);
  }

  async measure(given: (Experiment | KernelSpec)[], options: MeasureOptions = {}): Promise<Measurement[]> {
    checkContestants(given);
    checkMeasure(options);
    const contestants = copied(given);
    const { planKernel } = await loadForeign();
    const { measurePlanned } = await loadPart('the timing', () => import('./measure/measure-planned.ts'));
    for (const each of contestants) await this.#load(each);
    const context = await this.#liveContext();
    const { limits, features } = context.facts;
    const planned = contestants.map((each) =>
      'wgsl' in each ? planKernel(each, limits, features) : resolve(this.catalogue, each, undefined, limits),
    );
    return this.#queue.enter(() => measurePlanned(context, planned, options), options.signal);
  }

  async #load(what: Experiment | ModelSpec | KernelSpec): Promise<void> {
    const { mechanisms: known, models: composed } = this.catalogue;
    if ('mechanism' in what && !known.has(what.mechanism)) {
      const { mechanism } = what;
      await loadPart(`the mechanism ${mechanism}`, async () => this.catalogue.loadMechanism?.(mechanism));
    }
    if ('model' in what && !composed.has(what.model)) await this.catalogue.loadModel?.(what.model);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#context.destroy();
  }

  /**
   * Does what leaves nothing behind when it fails (planning, allocating). A device that turns out to be lost is reopened once: its
   * loss is only noticed when it is used.
   */
  async #onLiveDevice<T>(job: (context: DeviceContext) => Promise<T>): Promise<T> {
    const context = await this.#liveContext();
    try {
      return await job(context);
    } catch (error) {
      if (this.#disposed || context.lostBecause === undefined) throw error;
      return job(await this.#liveContext());
    }
  }

  /** The device, reopened if it was lost. @throws EngineError disposed, no-adapter, device-lost */
  async #liveContext(): Promise<DeviceContext> {
    if (this.#disposed) throw new EngineError('disposed', 'the engine was disposed');
    if (this.#context.lostBecause !== undefined) {
      // Whatever runs at the same time gets the same new device.
      this.#reopening ??= this.#reopen(this.#context.lostBecause).finally(() => {
        this.#reopening = undefined;
      });
      await this.#reopening;
    }
    return this.#context;
  }

  async #reopen(lostBecause: string): Promise<void> {
    const { powerPreference } = this.options;
    const reopened = await openDevice({ powerPreference });
    if (this.#disposed) {
      reopened.destroy();
      throw new EngineError('disposed', 'the engine was disposed');
    }
    this.#context = reopened;
    this.#news.push(`the GPU device was lost (${lostBecause}) and has been reopened`);
  }

  #takeNews(): string[] {
    return this.#news.splice(0);
  }
}

/**
 * What planning says of a kernel's text. Other errors are about the call, whatever the text is like; a feature the device lacks would
 * not compile either, and its name says more.
 */
const BY_TEXT: ReadonlySet<string> = new Set([
  'bad-input',
  'unknown-buffer',
  'unknown-constant',
  'limit-exceeded',
  'internal',
]);

/**
 * Plans with texts that a person wrote. Where planning fails on one that does not even compile, the compiler's message, with its
 * position, says more.
 */
async function compilable<T>(context: DeviceContext, texts: Record<string, string>, plan: () => T): Promise<T> {
  try {
    return plan();
  } catch (error) {
    if (error instanceof EngineError && !BY_TEXT.has(error.code)) throw error;
    for (const [file, wgsl] of Object.entries(texts)) await context.pipelines.requireCompiles(file, wgsl);
    throw error;
  }
}
