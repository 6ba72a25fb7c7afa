// A plan whose buffers stay on the device. An Experiment's run is a session that lives for one run.

import { EngineError } from '../../core/errors.ts';
import { nonFiniteWarnings } from '../../core/non-finite.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import { bufferBytes } from '../../plan/check.ts';
import type { BufferSpec } from '../../plan/plan.ts';
import type { PartOptions, Run, Session } from '../api.ts';
import { checkRun, requireObject } from '../call/check-call.ts';
import { copied } from '../call/copy-arguments.ts';
import { type DeviceBuffer, POISON_WORD, wordOf } from '../device/buffers.ts';
import { throwIfAborted } from '../device/cancel.ts';
import { type DeviceContext, scoped } from '../device/device.ts';
import type { JobQueue } from '../device/job-queue.ts';
import { type ReadRequest, readTensors } from '../device/readback.ts';
import { checkTensor, type Resolved, requireWholeTensor } from './experiment.ts';
import { planJobs } from './plan-jobs.ts';
import { runOnce } from './run-once.ts';
import { onlyRead, type Runnable, writableBuffers } from './runnable.ts';

/** The part that is the whole plan. */
export const WHOLE = 'run';

export class PlanSession implements Session {
  readonly bytes: Record<string, number>;
  readonly #buffers = new Map<string, DeviceBuffer>();
  /** Said by the first run. */
  readonly #opening: string[];
  /** The engine's own news, said by the first run before that. */
  readonly #news: string[] = [];
  #disposed = false;
  /** Jobs of this session that the device is at: their buffers are not given back before they have ended. */
  #atWork = 0;

  private constructor(
    readonly context: DeviceContext,
    readonly resolved: Resolved,
    private readonly queue: JobQueue,
  ) {
    this.#opening = [...resolved.warnings];
    const whole = resolved.plan.buffers.filter((spec) => !spec.within);
    this.bytes = Object.fromEntries(whole.map((spec) => [spec.name, bufferBytes(spec)]));
  }

  /** Allocates and fills every buffer. @throws EngineError out-of-memory, device-lost, aborted */
  static async open(
    context: DeviceContext,
    resolved: Resolved,
    queue: JobQueue,
    signal?: AbortSignal,
  ): Promise<PlanSession> {
    throwIfAborted(signal);
    const session = new PlanSession(context, resolved, queue);
    const specs = resolved.plan.buffers;
    try {
      await scoped(context.device, `${resolved.label} buffers`, () => {
        for (const spec of specs) session.#allocate(spec);
        session.#initialise(specs);
      });
      if (context.lostBecause !== undefined) throw context.lostError();
      return session;
    } catch (error) {
      for (const buffer of session.#owned()) context.buffers.discard(buffer);
      throw error;
    }
  }

  /** Adds to what the first run says. */
  announce(news: readonly string[]): void {
    this.#news.push(...news);
  }

  /** What no run has said. */
  takeNews(): string[] {
    return this.#news.splice(0);
  }

  async run(part: string, options: PartOptions = {}): Promise<Run> {
    this.#requireOpen();
    checkRun(options);
    const { plan } = this.resolved;
    const passes = partPasses(part, plan.parts, plan.passes.length);
    const { signal } = options;
    const [given, trace, params] = [copied(options.inputs ?? {}), copied(options.trace), copied(options.params)];
    const inputs = Object.entries(given).map(([name, value]) => [this.#fillable(name), value] as const);
    for (const [spec, value] of inputs) checkTensor(spec, value);
    return this.queue.enter(async () => {
      this.#requireOpen();
      for (const [spec, value] of inputs) this.context.buffers.upload(this.#buffer(spec.name), value.data);
      const run = await this.using(passes, params, (runnable) => runOnce(this.context, runnable, { trace, signal }));
      // Disposed in the meantime: nobody waits for a result that could not be looked at again.
      this.#requireOpen();
      run.warnings.unshift(...this.takeNews(), ...this.#opening.splice(0), ...nonFiniteWarnings(given));
      return run;
    }, signal);
  }

  /** Lends these passes as a Runnable for as long as `job` takes. The caller holds the queue. */
  async using<T>(
    passes: readonly number[],
    params: PartOptions['params'],
    job: (runnable: Runnable) => Promise<T>,
  ): Promise<T> {
    this.#requireOpen();
    return this.#working(() => this.#lend(passes, params, job));
  }

  async #lend<T>(
    passes: readonly number[],
    params: PartOptions['params'],
    job: (runnable: Runnable) => Promise<T>,
  ): Promise<T> {
    const { context, resolved } = this;
    const bound = this.#bound(passes);
    const { jobs, uniforms } = planJobs(resolved, passes, this.#buffers, context.buffers, params);
    const kept = onlyRead(jobs);
    const written = bound.filter(({ name, within }) => !kept.has(this.#buffer(within?.buffer ?? name)));
    const fleeting = written.filter(({ role, within }) => !within && (role === 'output' || role === 'scratch'));
    const restored = new Set(fleeting.map((spec) => this.#buffer(spec.name)));
    try {
      return await job({
        label: resolved.label,
        jobs,
        initialise: () => this.#initialise(fleeting),
        state: writableBuffers(jobs).filter((buffer) => !restored.has(buffer)),
        outputs: Object.fromEntries(
          written.filter((spec) => spec.role === 'output').map((spec) => [spec.name, this.#request(spec, params)]),
        ),
        idempotent: resolved.plan.idempotent,
      });
    } finally {
      for (const uniform of uniforms) context.buffers.release(uniform);
    }
  }

  async read(name: string): Promise<Tensor> {
    this.#requireOpen();
    const spec = this.spec(name);
    const read = await this.queue.enter(() => {
      this.#requireOpen();
      return this.#working(() => readTensors(this.context, { [name]: this.#request(spec) }));
    });
    return read[name]!;
  }

  async write(name: string, value: Tensor, at = 0): Promise<void> {
    this.#requireOpen();
    requireObject(name, value);
    requireWholeTensor(name, value);
    const spec = this.spec(name);
    const length = elementCount(spec.shape);
    if (value.dtype !== spec.dtype) {
      const message = `${name}: ${value.dtype} was given where ${spec.dtype} is needed`;
      throw new EngineError('bad-input', message, { field: name, value: value.dtype, limit: spec.dtype });
    }
    if (!Number.isInteger(at) || at < 0 || at + value.data.length > length) {
      const message = `${name} has ${length} elements; ${value.data.length} were written at ${at}`;
      throw new EngineError('shape-mismatch', message, { field: name, value: at + value.data.length, limit: length });
    }
    // Queue writes keep their order with runs, so the data may be taken at once.
    const copy = value.data.slice();
    await this.queue.enter(async () => {
      this.#requireOpen();
      this.context.buffers.upload(this.#buffer(name), copy, at * 4);
    });
  }

  async crop(): Promise<void> {
    throw noStream(this.resolved.label);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#atWork === 0) this.#release();
  }

  /** Buffers that go back to the pool are handed to the next session: not while a job of this one still uses them. */
  async #working<T>(job: () => Promise<T>): Promise<T> {
    this.#atWork++;
    try {
      return await job();
    } finally {
      this.#atWork--;
      if (this.#disposed && this.#atWork === 0) this.#release();
    }
  }

  #release(): void {
    for (const buffer of this.#owned()) this.context.buffers.release(buffer);
    this.#buffers.clear();
  }

  #requireOpen(): void {
    if (this.#disposed) throw new EngineError('disposed', `the session of ${this.resolved.label} was disposed`);
    if (this.context.lostBecause !== undefined) throw this.context.lostError();
  }

  /** @throws EngineError unknown-buffer */
  spec(name: string): BufferSpec {
    const { plan, label } = this.resolved;
    const spec = plan.buffers.find((each) => each.name === name);
    if (spec) return spec;
    const limit = plan.buffers.map((each) => each.name);
    throw new EngineError('unknown-buffer', `${label} has no buffer ${name}; it has ${limit.join(', ')}`, {
      field: name,
      limit,
    });
  }

  #fillable(name: string): BufferSpec {
    const spec = this.spec(name);
    if (spec.role === 'input' || spec.role === 'state') return spec;
    throw new EngineError('bad-input', `${name} is no input of ${this.resolved.label}: every run overwrites it`, {
      field: name,
    });
  }

  #buffer(name: string): DeviceBuffer {
    return this.#buffers.get(name)!;
  }

  /** The plan's buffers that these passes can reach, in the plan's order. */
  #bound(passes: readonly number[]): BufferSpec[] {
    const { plan } = this.resolved;
    const names = new Set(passes.flatMap((index) => Object.values(plan.passes[index]!.bindings)));
    return plan.buffers.filter((spec) => names.has(spec.within?.buffer ?? spec.name));
  }

  /** What this session allocated, without the stretches of it that have names of their own. */
  #owned(): DeviceBuffer[] {
    const whole = this.resolved.plan.buffers.filter((spec) => !spec.within);
    return whole.map((spec) => this.#buffers.get(spec.name)).filter((buffer) => buffer !== undefined);
  }

  #allocate(spec: BufferSpec): void {
    if (this.#buffers.has(spec.name)) return;
    const size = bufferBytes(spec);
    if (!spec.within) {
      this.#buffers.set(spec.name, this.context.buffers.storage(size));
      return;
    }
    const { buffer, at } = spec.within;
    this.#allocate(this.spec(buffer));
    const { gpu, offset = 0 } = this.#buffer(buffer);
    this.#buffers.set(spec.name, { gpu, size, offset: offset + at * 4 });
  }

  #initialise(specs: readonly BufferSpec[]): void {
    const { buffers, device } = this.context;
    const encoder = device.createCommandEncoder({ label: 'initialise' });
    const uploads: [DeviceBuffer, ArrayBufferView][] = [];
    for (const spec of specs) {
      const buffer = this.#buffer(spec.name);
      const given = this.resolved.inputs[spec.name];
      if (spec.role === 'input' && given) uploads.push([buffer, given.data]);
      else if (Array.isArray(spec.init)) uploads.push([buffer, constantWords(spec)]);
      else if (!spec.within) buffers.fill(encoder, buffer, initialWord(spec));
    }
    // Fills first: a stretch is uploaded into a buffer that was filled.
    device.queue.submit([encoder.finish()]);
    for (const [buffer, data] of uploads) buffers.upload(buffer, data);
  }

  #request({ name, dtype, shape, sentinel, extent }: BufferSpec, said: PartOptions['params'] = {}): ReadRequest {
    const rows = extent === undefined ? undefined : said[extent];
    const buffer = this.#buffer(name);
    if (rows === undefined) return { buffer, dtype, shape, sentinel };
    const read = [rows, ...shape.slice(1)];
    return { buffer: { ...buffer, size: 4 * elementCount(read) }, dtype, shape: read, sentinel };
  }
}

const noStream = (label: string) =>
  new EngineError('unsupported', `${label} does not go on token by token: there is nothing to crop`, { field: 'crop' });

/** @throws EngineError unknown-part */
export function partPasses(part: string, parts: Record<string, number[]> | undefined, count: number): number[] {
  const named = parts && Object.hasOwn(parts, part) ? parts[part] : undefined;
  if (named) return named;
  if (part === WHOLE) return Array.from({ length: count }, (_, index) => index);
  const limit = [...new Set([WHOLE, ...Object.keys(parts ?? {})])];
  throw new EngineError('unknown-part', `there is no part ${part}; there are ${limit.join(', ')}`, {
    field: 'part',
    value: part,
    limit,
  });
}

function initialWord({ init, role, dtype }: BufferSpec): number {
  if (typeof init === 'number') return wordOf(init, dtype);
  if (init === 'poison') return POISON_WORD;
  if (init === 'zero') return 0;
  return role === 'output' || role === 'scratch' ? POISON_WORD : 0;
}

function constantWords({ init, dtype }: BufferSpec): Uint32Array {
  return Uint32Array.from(init as readonly number[], (value) => wordOf(value, dtype));
}
