// A session of a model that goes on token by token: it knows how many tokens its caches hold, and tells the kernels with every run.

import { EngineError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Stream } from '../../model/model.ts';
import type { PartOptions, Run, Session } from '../api.ts';
import { checkRun } from '../call/check-call.ts';
import { checkTensor } from './experiment.ts';
import { type PlanSession, partPasses } from './session.ts';

/** From no tokens on; and from those that are there. A part of one of them, `prefill.blocks.2` say, is given the same numbers. */
const [PREFILL, STEP] = ['prefill', 'step'];

export class StreamSession implements Session {
  readonly bytes: Record<string, number>;
  /** Tokens that the caches hold. */
  #tokens: number[] = [];
  /** What the last run took in: parts of it are run with the same numbers. */
  #last = { position: 0, tokens: 0 };
  /** Calls one after the other: each depends on where the one before has ended. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly inner: PlanSession,
    private readonly stream: Stream,
  ) {
    this.bytes = inner.bytes;
  }

  run(part: string, options: PartOptions = {}): Promise<Run> {
    return this.#inTurn(() => this.#run(part, options));
  }

  /** 'prefill' starts anew; 'step' goes on; every other part runs on the tokens of the run before it. */
  async #run(part: string, options: PartOptions): Promise<Run> {
    checkRun(options);
    const { [this.stream.tokens]: given, ...inputs } = options.inputs ?? {};
    if (part !== PREFILL && part !== STEP) {
      if (given) throw this.#refused(`${part} works on the tokens of the run before it`, given.shape[0]);
      return this.inner.run(part, { ...options, params: { ...this.#numbers(part, this.#last), ...options.params } });
    }
    if (!given) throw this.#refused(`${part} needs tokens`, undefined);
    const position = part === PREFILL ? 0 : this.#tokens.length;
    const taken = this.#checked(given, position);
    const run = await this.#take(part, taken, position, { ...options, inputs });
    this.#tokens = [...this.#tokens.slice(0, position), ...taken.data];
    this.#last = { position, tokens: taken.data.length };
    return run;
  }

  async #take(part: string, taken: Tensor, position: number, options: PartOptions): Promise<Run> {
    await this.inner.write(this.stream.tokens, taken);
    const params = { ...this.#numbers(part, { position, tokens: taken.data.length }), ...options.params };
    return this.inner.run(part, { ...options, params });
  }

  /** By the names that plans of such models use in their `runtime`: those that the part asks for. */
  #numbers(part: string, { position, tokens }: { position: number; tokens: number }): Record<string, number> {
    const { plan } = this.inner.resolved;
    const asked = partPasses(part, plan.parts, plan.passes.length).flatMap((index) => {
      const { params = {}, workgroups = [] } = plan.passes[index]!.runtime ?? {};
      return [...Object.values(params), ...workgroups.map((share) => share?.of)];
    });
    const all = { position, tokens, keys: position + tokens, last: Math.max(0, tokens - 1) };
    return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
  }

  /** @throws EngineError bad-input, shape-mismatch, limit-exceeded */
  #checked(given: Tensor, position: number): Tensor {
    const count = given.data.length;
    const shape = given.shape.length === 2 && given.shape[0] === 1 ? given.shape.slice(1) : given.shape;
    const { dtype } = this.inner.spec(this.stream.tokens);
    const tensor = { ...given, shape };
    checkTensor({ name: this.stream.tokens, dtype, shape: [count], role: 'input' }, tensor);
    if (count === 0) throw this.#refused('a run takes in at least one token', 0);
    const { context, tokens: field } = this.stream;
    if (position + count > context) {
      const message = `${position + count} tokens do not fit: the caches have room for ${context}`;
      throw new EngineError('limit-exceeded', message, { field, value: position + count, limit: context });
    }
    return { ...tensor, dtype } as Tensor;
  }

  crop(length: number): Promise<void> {
    return this.#inTurn(async () => {
      const there = this.#tokens.length;
      if (!Number.isInteger(length) || length < 0 || length > there) {
        const message = `there are ${there} tokens; they cannot be cropped to ${length}`;
        throw new EngineError('bad-input', message, { field: 'length', value: length, limit: there });
      }
      const kept = this.#tokens.slice(0, length);
      // A cache of rows forgets by not being read further; a state has to be made again.
      if (this.stream.recurrent && length < there && length > 0) {
        const { dtype } = this.inner.spec(this.stream.tokens);
        const data = dtype === 'i32' ? Int32Array.from(kept) : Uint32Array.from(kept);
        await this.#take(PREFILL, { dtype, shape: [length], data } as Tensor, 0, {});
      }
      this.#tokens = kept;
      this.#last = { position: 0, tokens: length };
    });
  }

  read(buffer: string): Promise<Tensor> {
    return this.#inTurn(() => this.inner.read(buffer));
  }

  write(buffer: string, tensor: Tensor, at?: number): Promise<void> {
    return this.#inTurn(() => this.inner.write(buffer, tensor, at));
  }

  dispose(): void {
    this.inner.dispose();
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(job);
    this.#turn = result.catch(() => {});
    return result;
  }

  #refused(message: string, value: unknown): EngineError {
    return new EngineError('bad-input', message, { field: this.stream.tokens, value });
  }
}
