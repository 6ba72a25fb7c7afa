// The direct engine: one device, sessions over plans, foreign kernels, timing. The worker facade speaks the same interface.

import { EngineError } from '../core/errors.ts';
import { loadMechanism, mechanisms } from '../mechanisms/registry.ts';
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
import type { Catalogue } from './catalogue.ts';
import { checkContestants, checkExperiment, checkKernelSpec, checkMeasure, checkRun } from './check-call.ts';
import { type DeviceContext, openDevice } from './device.ts';
import { resolve } from './experiment.ts';
import { Lane } from './lane.ts';
import { loadPart } from './lazy.ts';
import { play } from './play.ts';
import { PlanSession, WHOLE } from './session.ts';

/**
 * Opens the adapter's device.
 *
 * @throws EngineError no-webgpu, no-adapter, aborted, device-lost
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return DirectEngine.open(options, { mechanisms, models, loadMechanism, loadModel });
}

const loadForeign = () => loadPart('the reader of foreign kernels', () => import('./kernel-run.ts'));

export class DirectEngine implements Engine {
  readonly #lane = new Lane();
  #context: DeviceContext;
  #disposed = false;
  /** Said once, by the next run. */
  #news: string[] = [];

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
    const session = await this.#openSession(experiment, options);
    try {
      return await session.run(WHOLE, { trace: options.trace, signal: options.signal });
    } finally {
      session.dispose();
    }
  }

  async open(what: Experiment | ModelSpec, options: Pick<RunOptions, 'inputs' | 'signal'> = {}): Promise<Session> {
    checkRun(options);
    return this.#openSession(what, options);
  }

  async #openSession(what: Experiment | ModelSpec, { inputs, signal }: Pick<RunOptions, 'inputs' | 'signal'>) {
    checkExperiment(what);
    await this.#load(what);
    return this.#onLiveDevice(async (context) => {
      const resolved = await compilable(context, what.sources ?? {}, () =>
        resolve(this.catalogue, what, inputs, context.facts.limits),
      );
      const session = await PlanSession.open(context, resolved, this.#lane, signal);
      session.announce(this.#takeNews());
      return session;
    });
  }

  async runKernel(kernel: KernelSpec, options: Pick<RunOptions, 'trace' | 'signal'> = {}): Promise<Run> {
    checkKernelSpec(kernel);
    checkRun(options);
    return this.#lane.enter(async () => {
      const { allocateScoped, FOREIGN_FILE, planKernel } = await loadForeign();
      const { context, memory, plan } = await this.#onLiveDevice(async (live) => {
        const plan = await compilable(live, { [FOREIGN_FILE]: kernel.wgsl }, () =>
          planKernel(kernel, live.facts.limits, live.facts.features),
        );
        return { context: live, plan, memory: await allocateScoped(live, plan) };
      });
      try {
        const run = await play(context, memory.runnable, options);
        run.warnings.unshift(...this.#takeNews(), ...plan.warnings);
        return run;
      } finally {
        for (const buffer of memory.buffers) context.buffers.release(buffer);
      }
    }, options.signal);
  }

  async measure(contestants: (Experiment | KernelSpec)[], options: MeasureOptions = {}): Promise<Measurement[]> {
    checkContestants(contestants);
    checkMeasure(options);
    const { planKernel } = await loadForeign();
    const { measurePlanned } = await loadPart('the timing', () => import('./measure-planned.ts'));
    for (const each of contestants) await this.#load(each);
    const context = await this.#liveContext();
    const { limits, features } = context.facts;
    const planned = contestants.map((each) =>
      'wgsl' in each ? planKernel(each, limits, features) : resolve(this.catalogue, each, undefined, limits),
    );
    return this.#lane.enter(() => measurePlanned(context, planned, options), options.signal);
  }

  async #load(what: Experiment | ModelSpec | KernelSpec): Promise<void> {
    const { mechanisms: known, models: composed } = this.catalogue;
    if ('mechanism' in what && !known.has(what.mechanism)) await this.catalogue.loadMechanism?.(what.mechanism);
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
    const lost = this.#context;
    if (lost.lostBecause !== undefined) {
      const { powerPreference } = this.options;
      const reopened = await openDevice({ powerPreference });
      if (this.#context === lost) {
        this.#context = reopened;
        this.#news.push(`the GPU device was lost (${lost.lostBecause}) and has been reopened`);
      } else {
        reopened.destroy();
      }
    }
    return this.#context;
  }

  #takeNews(): string[] {
    return this.#news.splice(0);
  }
}

/**
 * Plans with texts that a person wrote. Where planning fails on one that does not even compile, the compiler's message, with its
 * position, says more.
 */
async function compilable<T>(context: DeviceContext, texts: Record<string, string>, plan: () => T): Promise<T> {
  try {
    return plan();
  } catch (error) {
    // A feature the device lacks would not compile either, and its name says more.
    if (error instanceof EngineError && error.code === 'unsupported') throw error;
    for (const [file, wgsl] of Object.entries(texts)) await context.pipelines.requireCompiles(file, wgsl);
    throw error;
  }
}
