// The only caller of the engine. A change of the config starts a chain: traced runs of the variant on screen and its companions,
// parity, timing, tuning, each with progress, error and cancel. A newer change stops it; the old picture stays, marked stale, meanwhile.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { TuningFacts } from '../exhibit/results.ts';
import type { Study } from '../exhibit/study.ts';
import type { MechanismView } from '../exhibit/view.ts';
import type { CheckParity } from './beside/parity.ts';
import type { Studies } from './beside/studies.ts';
import { createTuneStage } from './beside/tune-stage.ts';
import type { Tuner } from './beside/tuner.ts';
import { createSurvivor } from './run/device-loss.ts';
import type { EncoderLoader } from './run/encoder-loader.ts';
import { createInputSource } from './run/input-source.ts';
import { createPlacing } from './run/place-cursor.ts';
import { assertWatchable, type GivenInput, type PreparedRun, prepareRun } from './run/prepared-run.ts';
import { recordingOf } from './run/recording-of-run.ts';
import { companions, costOf, variantLabel } from './run/runs-beside.ts';
import { inputKindOf } from './run/sentence-input.ts';
import { configFor, prepareView } from './run/settings-of-variant.ts';
import { createShownRun, withPresetSizes } from './run/stage-run.ts';
import { createStages, type Stage } from './run/stages.ts';
import { whatToRecord } from './run/what-to-record.ts';
import type { ConfigStore } from './stores/config-store.ts';
import type { CursorStore } from './stores/cursor-store.ts';
import { type Experiment, runsTheSame } from './stores/experiment.ts';
import type { LinkedPlace } from './stores/link-state.ts';
import { isAborted, openingProblemOf } from './stores/problems.ts';
import type { SessionState, SessionStore, Work } from './stores/session-store.ts';

/** Changes closer together than this are one run. */
const DEBOUNCE_MS = 150;
/** Timing and tuning start by themselves only after a traced run this short; longer ones wait for the button. */
const TIMED_BY_ITSELF_MS = 3000;

export interface RunControllerParts {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  /** Those that are loaded. */
  mechanisms: ReadonlyMap<string, Mechanism>;
  /** Loads a mechanism and its view. @throws where they cannot be had */
  loadExhibit(mechanism: string): Promise<void>;
  /** The mechanism's view, as far as it is loaded. */
  viewOf(mechanism: string): MechanismView | undefined;
  openEngine(): Promise<Engine>;
  loadTuner(): Promise<Tuner>;
  encoder: EncoderLoader;
  checkParity: CheckParity;
  now(): number;
  /** True if a recording should play by itself when it comes. */
  autoplay(): boolean;
  /** Where the link says the cursor stands; the first recordings open there, paused. Null = play from the start. */
  linkedPlace: LinkedPlace | null;
}

/** The run on the stage, and what it takes to run others beside it. */
interface Latest {
  prepared: PreparedRun;
  companions: PreparedRun[];
  /** As it ran: with the sizes of a preset where the page named none. */
  experiment: Experiment;
  given: GivenInput | null;
  /** How long the engine took for it, compiling included. */
  ms: number;
}

/** A new recording on the stage: what stood beside the last one does not stand beside this one. */
const NOTHING_BESIDE = {
  others: [],
  stale: false,
  parityOutputs: [],
  contestants: [],
  comparison: { kind: 'idle' },
  parity: { kind: 'idle' },
  timing: { kind: 'idle' },
  tune: { kind: 'idle' },
} as const satisfies Partial<SessionState>;

export interface RunController {
  /** Opens the engine and runs what is on screen. Resolves with the engine, or null when there is none. */
  start(): Promise<Engine | null>;
  /** Runs what is on screen again. */
  rerun(): void;
  /** Runs a view's study for the recording on the stage, unless that is done or under way; `again` = also where it is done. */
  study(study: Study, again?: boolean): Promise<void>;
  stopStudy(study: Study): void;
  cancel(stage: Stage): void;
  /** Times the contestants now, however long it takes. */
  measure(): void;
  /** Tunes the kernel on the stage to this device now, whatever is remembered. */
  tune(): void;
  /** Forgets what was found for it, and runs it with its own constants. */
  forgetTuning(): void;
  /**
   * Shows a recording that was not made here: a shipped one unless one of this device is there already; one from a file always, until
   * the next run. Resolves when it is on screen. `of` is the experiment that a shipped one is a recording of.
   */
  show(recording: Recording, of?: Experiment): Promise<void>;
  /** Where a link that was opened meanwhile says the cursor stands in the recording to come. */
  openAt(place: LinkedPlace | null): void;
  dispose(): void;
}

export function createRunController(parts: RunControllerParts): RunController {
  const { config, session, cursor, mechanisms, encoder, now } = parts;
  let engine: Engine | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: Latest | null = null;
  /** What the timer will run: everything, or only what stands beside the run on the stage. */
  let pending: 'run' | 'beside' | null = null;
  let count = 0;
  let disposed = false;
  let studies: Studies | undefined;

  const surviving = createSurvivor(session);
  const { place, openAt } = createPlacing(cursor, parts.autoplay, parts.linkedPlace);
  const stages = createStages(session, now);
  const { during } = stages;
  const tuning = createTuneStage({
    session,
    stages,
    surviving,
    loadTuner: parts.loadTuner,
    current: () => latest?.prepared,
    rerun: () => schedule(0),
  });
  const shown = createShownRun(tuning, surviving, mechanismOf);
  const inputOf = createInputSource({
    session,
    encoder,
    surviving,
    shown,
    // The encoder came while another input stood in for it.
    onLate: (experiment) => {
      const { kind } = session.getState().run;
      const isWanted = kind !== 'idle' && kind !== 'cancelled' && runsTheSame(experiment, config.getState().experiment);
      if (!disposed && isWanted) schedule(0);
    },
  });

  function mechanismOf(id: string): Mechanism {
    const mechanism = mechanisms.get(id);
    if (!mechanism)
      throw new EngineError('unknown-mechanism', `There is no mechanism ${id}`, { field: 'mechanism', value: id });
    return mechanism;
  }

  async function record(active: Engine, prepared: PreparedRun, signal: AbortSignal): Promise<Recording> {
    const { experiment, inputs, edited } = prepared;
    const run = await surviving(
      () => active.run(experiment, { inputs, trace: whatToRecord(prepared), signal }),
      signal,
      edited,
    );
    run.warnings.unshift(...shown.takeWarnings().filter((warning) => !run.warnings.includes(warning)));
    count += 1;
    const recording = recordingOf(`live-${count}`, prepared, run, active.adapter);
    await prepareView(parts.viewOf(recording.mechanism), recording);
    return recording;
  }

  function publish(recording: Recording, tuned: TuningFacts | null): void {
    const before = session.getState().recording;
    session.setState({ recording, cost: costOf(recording, mechanisms), ...NOTHING_BESIDE, tuned });
    place(recording, before);
  }

  /** A shipped recording can be on the stage before its mechanism is here, which knows the closed form. */
  function countWhatIsShown(): void {
    const { recording, cost } = session.getState();
    if (recording && cost === null) session.setState({ cost: costOf(recording, mechanisms) });
  }

  async function runChain(): Promise<void> {
    if (!engine || disposed) return;
    const active = engine;
    const signal = beginChain();
    const { experiment: asked } = config.getState();
    session.setState(({ recording }) => ({ stale: recording !== null && !shown.isOf(recording, asked) }));
    const recorded = await during('run', 'Running and recording', async (stop) => {
      await parts.loadExhibit(asked.mechanism);
      countWhatIsShown();
      const mechanism = mechanismOf(asked.mechanism);
      const view = parts.viewOf(asked.mechanism);
      const experiment = { ...asked, input: inputKindOf(asked, view) };
      const given = await inputOf(active, mechanism, experiment, view?.reads, stop);
      const sized = given ? experiment : withPresetSizes(mechanism, experiment);
      const prepared = await shown.prepare(active, sized, given);
      const began = now();
      const recording = await record(active, prepared, stop);
      if (stop.aborted) throw new EngineError('aborted', 'the run was cancelled');
      latest = { prepared, companions: [], experiment: sized, given, ms: now() - began };
      publish(recording, prepared.tuned ?? null);
    });
    if (!recorded && !signal.aborted && session.getState().recording === null) await standIn(active, asked);
    if (recorded && !signal.aborted) await finishChain(active, signal);
  }

  /** Another chain; what the one before had under way is not under way any more. @returns its signal */
  function beginChain(): AbortSignal {
    const signal = stages.begin();
    const idle = (work: Work): Work => (work.kind === 'running' ? { kind: 'idle' } : work);
    session.setState(({ comparison, parity, timing, tune }) => ({
      comparison: idle(comparison),
      parity: idle(parity),
      timing: idle(timing),
      tune: idle(tune),
    }));
    return signal;
  }

  /** What stands beside the run on the stage, one after the other. */
  async function finishChain(active: Engine, signal: AbortSignal): Promise<void> {
    if (!latest) return;
    const { experiment, given, ms } = latest;
    await compareVariants(active, experiment, given);
    if (signal.aborted) return;
    if (session.getState().parity.kind !== 'done') await checkParity();
    if (signal.aborted || ms > TIMED_BY_ITSELF_MS) return;
    await time(active);
    if (!signal.aborted) await tuning.run(active, false);
  }

  /** Another variant to compare with: the run on the stage stays as it is. */
  async function runBeside(): Promise<void> {
    const { stale, run } = session.getState();
    if (!engine || disposed || !latest || stale || run.kind !== 'done') return runChain();
    const signal = beginChain();
    const { compare } = config.getState().experiment;
    latest = { ...latest, companions: [], experiment: { ...latest.experiment, compare } };
    session.setState({ others: [], contestants: [], comparison: { kind: 'idle' }, timing: { kind: 'idle' } });
    await finishChain(engine, signal);
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
      publish(recording, null);
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
          const untuned = prepareRun(mechanism, shared, variant, given, active.adapter.limits, without);
          const prepared = await tuning.apply(active, untuned, kept);
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

  function schedule(delay: number, what: 'run' | 'beside' = 'run'): void {
    clearTimeout(timer);
    pending = pending === 'run' ? 'run' : what;
    timer = setTimeout(() => {
      const due = pending;
      pending = null;
      void (due === 'beside' ? runBeside() : runChain());
    }, delay);
  }

  /** Ends the chain under way, and the one that waits. */
  function stop(): void {
    clearTimeout(timer);
    pending = null;
    stages.begin();
    latest = null;
    session.setState({ run: { kind: 'idle' } });
  }

  const unsubscribe = config.subscribe(({ experiment }, before) => {
    if (experiment === before.experiment) return;
    if (runsTheSame(experiment, before.experiment)) return schedule(DEBOUNCE_MS, 'beside');
    // Said at once: what is on the stage is not what the page asks for any more.
    if (engine) session.setState(({ recording }) => ({ stale: recording !== null }));
    schedule(DEBOUNCE_MS);
  });

  return {
    async start() {
      session.setState({ engine: { kind: 'opening' } });
      // Meanwhile; what keeps it from loading is said by the run.
      parts.loadExhibit(config.getState().experiment.mechanism).then(countWhatIsShown, () => {});
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
    async study(study, again = false) {
      const { createStudies } = await import('./beside/studies.ts');
      if (disposed) return;
      studies ??= createStudies({ session, surviving, engine: () => engine });
      await studies.start(study, again);
    },
    stopStudy: (study) => studies?.cancel(study),
    cancel: stages.cancel,
    measure: () => {
      if (engine) void time(engine);
    },
    tune: () => {
      if (engine) void tuning.run(engine, true);
    },
    forgetTuning: () => void tuning.forget(),
    openAt,
    async show(recording, of) {
      if (of) shown.keep(of, recording);
      const isFile = recording.device.origin === 'file';
      const keeps = () => !isFile && session.getState().recording?.device.origin === 'this-device';
      if (keeps()) return;
      // A run that is under way would replace what was just opened.
      if (isFile) stop();
      await prepareView(parts.viewOf(recording.mechanism), recording);
      if (disposed || keeps()) return;
      session.setState({ inputNote: null });
      publish(recording, null);
      if (isFile) void checkParity();
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      unsubscribe();
      stages.begin();
      studies?.dispose();
      engine?.dispose();
    },
  };
}
