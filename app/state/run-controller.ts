// The only caller of the engine. A change of the config starts a chain: traced runs of the variant on screen and its companions,
// parity, timing, each with progress, error and cancel. A newer change stops it; the old picture stays, marked stale, meanwhile.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import { openEngineInWorker } from '#gpu/runtime/facade.ts';
import type { MechanismView, Recording, Trial } from '../mechanisms/view.ts';
import type { ConfigStore } from './config-store.ts';
import type { CursorStore } from './cursor-store.ts';
import { createSurvivor } from './device-loss.ts';
import type { EncoderLoader } from './encoder-loader.ts';
import type { Experiment } from './experiment.ts';
import type { CheckParity } from './parity.ts';
import {
  assertWatchable,
  companions,
  costOf,
  type GivenInput,
  idsOf,
  type PreparedRun,
  prepareRun,
  recordingOf,
  textInput,
  variantLabel,
} from './prepared-run.ts';
import { isAborted, openingProblemOf } from './problems.ts';
import type { SessionState, SessionStore, Work } from './session-store.ts';
import { createStages, type Stage } from './stages.ts';
import { configFor, prepareView } from './view-work.ts';

/** Changes closer together than this are one run. */
const DEBOUNCE_MS = 150;
/** With nothing on screen yet, the first picture does not wait longer than this for the sentence encoder. */
const ENCODER_PATIENCE_MS = 400;
/** Timing starts by itself only after a traced run this short; longer ones wait for the button. */
const TIMED_BY_ITSELF_MS = 3000;

export interface RunControllerParts {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  mechanisms: ReadonlyMap<string, Mechanism>;
  /** The mechanism's view, as far as it is loaded. */
  viewOf(mechanism: string): MechanismView | undefined;
  openEngine(): Promise<Engine>;
  encoder: EncoderLoader;
  checkParity: CheckParity;
  now(): number;
  /** True if a recording should play by itself when it comes. */
  autoplay(): boolean;
  /** Where the link says the cursor stands; the first recordings open there, paused. Null = play from the start. */
  linkedTick: number | null;
}

/** The page's engine: in a worker, so that the page never waits for it. */
export const openEngine = (): Promise<Engine> => openEngineInWorker();

/** A new recording on the stage: what stood beside the last one does not stand beside this one. */
const NOTHING_BESIDE = {
  others: [],
  stale: false,
  parityOutputs: [],
  contestants: [],
  comparison: { kind: 'idle' },
  parity: { kind: 'idle' },
  timing: { kind: 'idle' },
  growth: { kind: 'idle' },
} as const satisfies Partial<SessionState>;

export interface RunController {
  /** Opens the engine and runs what is on screen. Resolves with the engine, or null when there is none. */
  start(): Promise<Engine | null>;
  /** Runs what is on screen again. */
  rerun(): void;
  /** Starts a view's trial, or stops it; its state stands in the session under `key`. */
  tryOut(key: string, trial: Trial, start: boolean): Promise<void>;
  cancel(stage: Stage): void;
  /** Times the contestants now, however long it takes. */
  measure(): void;
  /** Opens Sessions of every length for this device's recording on screen, unless that is done; `again` = all the same. */
  grow(again?: boolean): Promise<void>;
  /**
   * Shows a recording that was not made here: a shipped one unless one of this device is there already; one from a file always, until
   * the next run. Resolves when it is on screen.
   */
  show(recording: Recording): Promise<void>;
  dispose(): void;
}

export function createRunController(parts: RunControllerParts): RunController {
  const { config, session, cursor, mechanisms, encoder, now } = parts;
  let engine: Engine | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: { prepared: PreparedRun; companions: PreparedRun[] } | null = null;
  let count = 0;
  let disposed = false;
  let linkedTick = parts.linkedTick;

  const surviving = createSurvivor(session);
  const stages = createStages(session, now);
  const { during } = stages;

  function mechanismOf(id: string): Mechanism {
    const mechanism = mechanisms.get(id);
    if (!mechanism)
      throw new EngineError('unknown-mechanism', `There is no mechanism ${id}`, { field: 'mechanism', value: id });
    return mechanism;
  }

  /** q, k and v of the sentence's first layer, made on the GPU. @throws EngineError bad-input for no words, limit-exceeded */
  async function encodeSentence(active: Engine, text: string, signal: AbortSignal): Promise<GivenInput> {
    const { tokenize, weights } = await encoder.load();
    const tokens = tokenize(text);
    const inputs = { ...weights, ids: idsOf(tokens, text) };
    const encoding = await active.open({ model: 'sentence-encoder', config: {} }, { inputs, signal });
    try {
      const { outputs } = await encoding.run('run', { signal });
      const { q, k, v } = outputs;
      if (!q || !k || !v) throw new EngineError('internal', 'the sentence encoder gave no q, k and v');
      const words = tokens.map((token) => token.text);
      return { tensors: { q, k, v }, tokens: { query: words, key: words } };
    } finally {
      encoding.dispose();
    }
  }

  /** Tensors of the chosen input; null = made from the seed. Sets the note that says when another input stands in. */
  async function inputOf(active: Engine, experiment: Experiment, signal: AbortSignal): Promise<GivenInput | null> {
    session.setState({ inputNote: null });
    if (experiment.input === 'random') return null;
    if (experiment.input === 'file') {
      const { file } = session.getState();
      if (file) {
        session.setState({ inputNote: file.remark ?? null });
        return { tensors: file.tensors };
      }
      session.setState({ inputNote: 'There is no file yet, and links carry none: drop one. Random input stands in.' });
      return null;
    }
    const own = textInput(mechanismOf(experiment.mechanism), experiment.text, active.adapter.limits);
    if (own) {
      session.setState({ inputNote: own.note });
      return own.given;
    }
    const encode = () => surviving(() => encodeSentence(active, experiment.text, signal), signal);
    if (encoder.ready) return encode();
    const loading = encoder.load();
    const waiting = loading.then(
      () => 'ready' as const,
      () => 'failed' as const,
    );
    // A picture on screen may stay while the encoder loads; an empty stage may not.
    const patience = session.getState().recording
      ? []
      : [new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), ENCODER_PATIENCE_MS))];
    const outcome = await Promise.race([waiting, ...patience]);
    if (signal.aborted) throw new EngineError('aborted', 'the run was cancelled');
    if (outcome === 'ready') return encode();
    if (outcome === 'late') {
      session.setState({ inputNote: 'Random input stands in until the sentence encoder is loaded.' });
      waiting.then((later) => {
        if (later === 'ready' && !disposed && config.getState().experiment.input === 'sentence') schedule(0);
      });
    } else {
      session.setState({ inputNote: 'The sentence encoder could not be loaded. Random input stands in.' });
    }
    return null;
  }

  /** Random input of the first preset's sizes, where the page's own config names none. */
  function withPresetSizes(mechanism: Mechanism, experiment: Experiment): Experiment {
    return { ...experiment, config: { ...mechanism.presets[0]?.config, ...experiment.config } as Experiment['config'] };
  }

  async function record(active: Engine, prepared: PreparedRun, signal: AbortSignal): Promise<Recording> {
    const { experiment, inputs, edited } = prepared;
    const run = await surviving(() => active.run(experiment, { inputs, trace: true, signal }), signal, edited);
    count += 1;
    const recording = recordingOf(`live-${count}`, prepared, run, active.adapter);
    await prepareView(parts.viewOf(recording.mechanism), recording);
    return recording;
  }

  function publish(recording: Recording): void {
    const before = session.getState().recording;
    session.setState({ recording, cost: costOf(recording, mechanisms), ...NOTHING_BESIDE });
    place(recording, before);
  }

  /** Where the cursor goes when `recording` takes the stage after `before`. */
  function place(recording: Recording, before: Recording | null): void {
    const { tick, length, playing, load } = cursor.getState();
    const steps = recording.trace.steps.length;
    const isLive = recording.device.origin === 'this-device';
    if (linkedTick !== null) load(steps, linkedTick, false);
    else if (before === null) load(steps, 0, parts.autoplay());
    else if (length === steps) load(steps, tick, playing);
    else if (!parts.autoplay() && tick >= length) load(steps, steps, false);
    else load(steps, 0, parts.autoplay());
    if (isLive) linkedTick = null;
  }

  async function runChain(): Promise<void> {
    if (!engine || disposed) return;
    const active = engine;
    const signal = stages.begin();
    const { experiment } = config.getState();
    const idle = (work: Work): Work => (work.kind === 'running' ? { kind: 'idle' } : work);
    session.setState(({ recording, comparison, parity, timing, growth }) => ({
      stale: recording !== null,
      comparison: idle(comparison),
      parity: idle(parity),
      timing: idle(timing),
      growth: idle(growth),
    }));
    const began = now();

    let given: GivenInput | null = null;
    let shown = experiment;
    const recorded = await during('run', 'Running and recording', async (stop) => {
      const mechanism = mechanismOf(experiment.mechanism);
      given = await inputOf(active, experiment, stop);
      shown = given ? experiment : withPresetSizes(mechanism, experiment);
      const prepared = prepareRun(mechanism, shown, experiment.variant, given, active.adapter.limits);
      assertWatchable(prepared, active.adapter.isSoftware);
      const recording = await record(active, prepared, stop);
      if (stop.aborted) throw new EngineError('aborted', 'the run was cancelled');
      latest = { prepared, companions: [] };
      publish(recording);
    });
    if (!recorded && !signal.aborted && session.getState().recording === null) await standIn(active, experiment);
    if (!recorded || signal.aborted) return;
    const runMs = now() - began;
    await compareVariants(active, shown, given);
    if (signal.aborted) return;
    await checkParity();
    if (signal.aborted) return;
    if (runMs <= TIMED_BY_ITSELF_MS) await time(active);
  }

  /** A link that cannot run must not leave the stage empty: the first preset plays below the error. */
  async function standIn(active: Engine, experiment: Experiment): Promise<void> {
    const mechanism = mechanisms.get(experiment.mechanism);
    const preset = mechanism?.presets[0];
    if (!mechanism || !preset) return;
    const config = preset.config as Experiment['config'];
    const prepared = prepareRun(
      mechanism,
      { ...experiment, config, input: 'random', sources: {} },
      preset.variant,
      null,
      active.adapter.limits,
    );
    await during('comparison', `Recording “${preset.title}” instead`, async (stop) => {
      const recording = await record(active, prepared, stop);
      publish(recording);
      session.setState({ inputNote: `What was asked for cannot run here; the preset “${preset.title}” stands in.` });
    });
  }

  async function compareVariants(active: Engine, experiment: Experiment, given: GivenInput | null): Promise<void> {
    const mechanism = mechanismOf(experiment.mechanism);
    const view = parts.viewOf(experiment.mechanism);
    const own = mechanism.variants.some(({ id }) => configFor(view, experiment, id).without.length > 0);
    const wanted = companions(mechanism, experiment, own);
    if (wanted.length === 0) return;
    await during('comparison', `Recording ${wanted.join(' and ')} for comparison`, async (signal) => {
      let refused: unknown;
      for (const variant of wanted) {
        try {
          const { config: kept, without } = configFor(view, experiment, variant);
          const shared = { ...experiment, config: kept };
          const prepared = prepareRun(mechanism, shared, variant, given, active.adapter.limits, without);
          assertWatchable(prepared, active.adapter.isSoftware);
          const recording = await record(active, prepared, signal);
          if (signal.aborted) throw new EngineError('aborted', 'the comparison was cancelled');
          latest?.companions.push(prepared);
          session.setState({ others: [...session.getState().others, recording] });
        } catch (error) {
          if (isAborted(error)) throw error;
          refused ??= error;
        }
      }
      if (refused) throw refused;
    });
  }

  async function checkParity(): Promise<void> {
    const { recording } = session.getState();
    if (!recording) return;
    const { mechanism, config: resolved, inputs, outputs } = recording;
    await during('parity', 'Computing the float64 reference', async (signal) => {
      const parityOutputs = await parts.checkParity({ mechanism, config: resolved, inputs, outputs }, signal);
      if (!signal.aborted) session.setState({ parityOutputs });
    });
  }

  async function time(active: Engine): Promise<void> {
    if (!latest) return;
    const contestants = [latest.prepared, ...latest.companions.slice(0, 1)];
    const label = 'Timing the plain kernels';
    await during('timing', label, async (signal) => {
      const onProgress = (share: number) => !signal.aborted && stages.progress('timing', label, share);
      const experiments = contestants.map(({ experiment }) => experiment);
      const edited = contestants.flatMap((each) => each.edited);
      const measurements = await surviving(() => active.measure(experiments, { signal, onProgress }), signal, edited);
      if (signal.aborted) return;
      session.setState({
        contestants: measurements.map((measurement, i) => {
          const { id } = contestants[i]!.variant;
          return { id, label: variantLabel(id, contestants[i]!), measurement };
        }),
      });
    });
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void runChain(), delay);
  }

  /** Ends the chain under way, and the one that waits. */
  function stop(): void {
    clearTimeout(timer);
    stages.begin();
    latest = null;
    session.setState({ run: { kind: 'idle' } });
  }

  const unsubscribe = config.subscribe((state, before) => {
    if (state.experiment !== before.experiment) schedule(DEBOUNCE_MS);
  });

  return {
    async start() {
      session.setState({ engine: { kind: 'opening' } });
      try {
        engine = await parts.openEngine();
        session.setState({ engine: { kind: 'ready', adapter: engine.adapter } });
        schedule(0);
        return engine;
      } catch (error) {
        session.setState({ engine: { kind: 'failed', problem: await openingProblemOf(error) } });
        return null;
      }
    },
    rerun: () => schedule(0),
    async tryOut(key, trial, start) {
      const { startTrial, stopTrial } = await import('./trials.ts');
      if (start) await startTrial({ session, engine: () => engine, key, trial });
      else stopTrial(key);
    },
    cancel: stages.cancel,
    measure: () => {
      if (engine) void time(engine);
    },
    async grow(again = false) {
      const { grow } = await import('./growth.ts');
      if (engine && latest && !disposed) grow(engine, latest.prepared, { session, stages, surviving }, again);
    },
    async show(recording) {
      const isFile = recording.device.origin === 'file';
      const keeps = () => !isFile && session.getState().recording?.device.origin === 'this-device';
      if (keeps()) return;
      // A run that is under way would replace what was just opened.
      if (isFile) stop();
      await prepareView(parts.viewOf(recording.mechanism), recording);
      const before = session.getState().recording;
      if (disposed || keeps()) return;
      session.setState({ recording, cost: costOf(recording, mechanisms), inputNote: null, ...NOTHING_BESIDE });
      place(recording, before);
      if (isFile) void checkParity();
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      unsubscribe();
      stages.begin();
      engine?.dispose();
    },
  };
}
