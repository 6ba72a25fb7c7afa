// Runs of the stack that is built: opens its Session, takes in the prompt, makes token after token, records one block. One engine for the
// place, opened with the first run.

import { EngineError } from '#gpu/core/errors.ts';
import { uniformStream } from '#gpu/core/random.ts';
import { type Tensor, tensor } from '#gpu/core/tensor.ts';
import { draw, ranked } from '#gpu/generation/sampling.ts';
import type { StackConfig } from '#gpu/model/stack/config.ts';
import { byteCodec, characterCodec, type TextCodec } from '#gpu/model/texts.ts';
import type { Engine, Run, Session } from '#gpu/runtime/api.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import type { Build, MadeToken, ModelStore, Weights } from '../stores/model-store.ts';
import { problemOf } from '../stores/problems.ts';

/** What a build runs as: its config with every default, its tokens, its weights. */
export interface Prepared {
  config: StackConfig;
  codec: TextCodec;
  /** Absent where the engine makes them from the seed. */
  weights?: Record<string, Tensor>;
  from: Weights;
}

export interface ModelRunParts {
  openEngine(): Promise<Engine>;
  /** @throws EngineError what is wrong with the build, or kept its weights from loading */
  prepare(build: Build, signal: AbortSignal, onShare: (share: number) => void): Promise<Prepared>;
  now?: () => number;
}

/** One block, recorded on the text that is there. */
export interface BlockRecording {
  place: string;
  trace: Trace;
  /** What passes between its kernels: read a tensor by its name in the plan. */
  read(buffer: string): Promise<Tensor>;
  tokens: number;
}

export interface ModelRuns {
  /** Takes in the prompt and makes tokens until there are enough, the context is full, or it is cancelled. */
  make(): Promise<void>;
  cancel(): void;
  /** The next run prepares its model anew, though it is called as the one before. */
  forget(): void;
  /** Runs the whole text through the parts up to `place`, and records that one; null where it was cancelled or failed. */
  record(place: string): Promise<BlockRecording | null>;
  dispose(): void;
}

const isAbort = (error: unknown) => error instanceof EngineError && error.code === 'aborted';

/** The characters of a stack that nobody trained: what texts are mostly made of comes first, as its vocabulary may be smaller. */
const USUAL_ALPHABET = `\n abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,;:!?'"-()0123456789[]$&*/+=%#@_<>{}|~^\`\\`;

export function codecOf({ tokens }: StackConfig, alphabet?: string): TextCodec {
  if (tokens.kind !== 'characters') return byteCodec;
  return characterCodec((alphabet ?? USUAL_ALPHABET).slice(0, tokens.vocabulary as number));
}

export function createModelRuns(
  store: ModelStore,
  { openEngine, prepare, now = () => performance.now() }: ModelRunParts,
): ModelRuns {
  let engine: Promise<Engine> | undefined;
  let session: Session | undefined;
  let prepared: Prepared | undefined;
  let opened = '';
  let abort = new AbortController();

  const ready = () => {
    engine ??= openEngine().catch((error: unknown) => {
      engine = undefined;
      throw error;
    });
    return engine;
  };

  /** The session of the build as it stands: opened anew where stack, seed or weights have changed. */
  async function open(signal: AbortSignal): Promise<{ session: Session; prepared: Prepared }> {
    store.setState({ work: { kind: 'preparing', what: 'the device' } });
    const device = await ready();
    store.setState({ isSoftware: device.adapter.isSoftware, work: { kind: 'preparing', what: 'the model' } });
    const { seed, preset, stack } = store.getState().build;
    const wanted = JSON.stringify([preset, stack, seed]);
    if (session && prepared && opened === wanted) return { session, prepared };
    session?.dispose();
    session = undefined;
    const onShare = (share: number) => store.setState({ weights: { kind: 'loading', share } });
    prepared = await prepare(store.getState().build, signal, onShare);
    const { config, weights, from } = prepared;
    store.setState({ weights: from, work: { kind: 'preparing', what: 'its kernels' } });
    session = await device.open({ model: 'stack', config, seed, ...(weights && { weights }) }, { signal });
    opened = wanted;
    store.setState({ bytes: session.bytes });
    return { session, prepared };
  }

  async function working(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    try {
      await job(signal);
      if (!signal.aborted) store.setState({ work: { kind: 'idle' } });
    } catch (error) {
      if (signal.aborted && isAbort(error)) return;
      const { message, field } = problemOf(error);
      if (!signal.aborted) store.setState({ work: { kind: 'failed', message, ...(field !== undefined && { field }) } });
    }
  }

  const ids = (list: readonly number[]) => ({ ids: tensor('i32', [list.length], list) });
  const classes = (run: Run) => {
    const { data, shape } = run.outputs.logits!;
    return data.subarray(data.length - shape.at(-1)!);
  };

  return {
    make: () =>
      working(async (signal) => {
        const { session: active, prepared: what } = await open(signal);
        const { prompt, sampling, most, seed } = store.getState().build;
        const { codec, config } = what;
        const { ids: given, unknown } = codec.encode(prompt);
        store.setState({ unknown });
        if (given.length === 0) {
          throw new EngineError('bad-input', 'the prompt has no character that the model knows', { field: 'prompt' });
        }
        if (given.length >= config.context) {
          const message = `the prompt has ${given.length} tokens; with room for ${config.context} none can be made`;
          throw new EngineError('limit-exceeded', message, {
            field: 'prompt',
            value: given.length,
            limit: config.context - 1,
          });
        }
        const tokens: MadeToken[] = given.map((id) => ({
          id,
          text: codec.decode(id),
          given: true,
          choices: [],
          ms: null,
        }));
        store.setState({ tokens: [...tokens], codec, work: { kind: 'making' } });
        const random = uniformStream(seed, 'sampling');
        const timed = async (part: 'prefill' | 'step', list: readonly number[]) => {
          const start = now();
          const run = await active.run(part, { inputs: ids(list), signal });
          const ms = now() - start;
          tokens[tokens.length - 1] = { ...tokens.at(-1)!, choices: ranked(classes(run)), ms };
          return tokens.at(-1)!.choices;
        };
        let choices = await timed('prefill', given);
        for (let made = 0; made < most && tokens.length < config.context; made++) {
          const { id } = draw(choices, sampling, random);
          tokens.push({ id, text: codec.decode(id), given: false, choices: [], ms: null });
          // Shown at once: what it is likely followed by comes with its own run.
          store.setState({ tokens: [...tokens] });
          choices = await timed('step', [id]);
        }
        store.setState({ tokens: [...tokens] });
      }),
    cancel() {
      abort.abort();
      store.setState({ work: { kind: 'idle' } });
    },
    forget() {
      opened = '';
    },
    async record(place) {
      let recording: BlockRecording | null = null;
      await working(async (signal) => {
        const { session: active, prepared: what } = await open(signal);
        const { tokens, build } = store.getState();
        const list = tokens.length > 0 ? tokens.map(({ id }) => id) : what.codec.encode(build.prompt).ids;
        if (list.length === 0) throw new EngineError('bad-input', 'there is no text to run', { field: 'prompt' });
        store.setState({ work: { kind: 'preparing', what: 'the recording' } });
        await active.run('prefill', { inputs: ids(list), signal });
        const places = ['tokens', ...what.config.blocks.map((_, index) => `blocks.${index}`), 'readout'];
        for (const before of places.slice(0, places.indexOf(place))) await active.run(`prefill.${before}`, { signal });
        const { trace } = await active.run(`prefill.${place}`, { trace: true, signal });
        recording = { place, trace: trace!, tokens: list.length, read: (buffer) => active.read(buffer) };
      });
      return recording;
    },
    dispose() {
      abort.abort();
      session?.dispose();
      session = undefined;
      void engine?.then((device) => device.dispose());
    },
  };
}
