// The only caller of the engine, and the conductor of what it does. A change of the config starts a chain: traced runs of the variant on
// screen and its companions, parity, timing, tuning, each with progress, error and cancel. A newer change stops it; the old picture stays,
// marked stale, meanwhile.

import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { Study } from '../exhibit/study.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { createParityCheck } from './beside/check-parity.ts';
import { createComparing } from './beside/compare-variants.ts';
import type { CheckParity } from './beside/parity.ts';
import type { Studies } from './beside/studies.ts';
import { createTiming } from './beside/time-variants.ts';
import { createTuning } from './beside/tune-kernel.ts';
import type { Tuner } from './beside/tuner.ts';
import { createAgenda } from './run/agenda.ts';
import { type ChainPart, createChain } from './run/chain.ts';
import { createSurvivor } from './run/device-loss.ts';
import type { EncoderLoader } from './run/encoder-loader.ts';
import { createInputSource } from './run/input-source.ts';
import { createRecorder } from './run/record-run.ts';
import { createRunPreparation, withPresetSizes } from './run/run-preparation.ts';
import { inputKindOf } from './run/sentence-input.ts';
import { prepareView } from './run/settings-of-variant.ts';
import { createStage, type StagedRun, type StageParts } from './run/stage.ts';
import { standInFor } from './run/stand-in.ts';
import { inOrder, keepStepOrder } from './run/step-order.ts';
import { type Experiment, orderOf, runsTheSame } from './stores/experiment.ts';
import type { LinkedPlace } from './stores/link-state.ts';
import { openingProblemOf } from './stores/problems.ts';

/** Changes closer together than this are one run. */
const DEBOUNCE_MS = 150;
/** Timing and tuning start by themselves only after a traced run this short; longer ones wait for the button. */
const TIMED_BY_ITSELF_MS = 3000;

export interface RunControllerParts extends StageParts {
  /** Loads a mechanism and its view. @throws where they cannot be had */
  loadExhibit(mechanism: string): Promise<void>;
  /** The mechanism's view, as far as it is loaded. */
  viewOf(mechanism: string): MechanismView | undefined;
  openEngine(): Promise<Engine>;
  loadTuner(): Promise<Tuner>;
  encoder: EncoderLoader;
  checkParity: CheckParity;
  now(): number;
}

export interface RunController {
  /** Opens the engine and runs what is on screen. Resolves with the engine, or null when there is none. */
  start(): Promise<Engine | null>;
  /** Runs what is on screen again. */
  rerun(): void;
  /** Runs a view's study for the recording on the stage, unless that is done or under way; `again` = also where it is done. */
  study(study: Study, again?: boolean): Promise<void>;
  stopStudy(study: Study): void;
  cancel(part: ChainPart): void;
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
  /** Puts a recording back that was on the stage before, of the experiment that it is a recording of. */
  restore(recording: Recording, of: Experiment): void;
  /** Where a link that was opened meanwhile says the cursor stands in the recording to come. */
  openAt(place: LinkedPlace | null): void;
  dispose(): void;
}

export function createRunController(parts: RunControllerParts): RunController {
  const { config, session, mechanisms, viewOf, now } = parts;
  let engine: Engine | null = null;
  let disposed = false;
  let studies: Studies | undefined;

  const order = () => orderOf(config.getState().arrangement);
  const stopOrder = keepStepOrder(parts);

  const agenda = createAgenda({ run: () => void runChain(), beside: () => void runBeside() });
  const rerun = () => agenda.after(0, 'run');
  const surviving = createSurvivor(session);
  const chain = createChain(session, now);
  const stage = createStage(parts, chain);
  const tuning = createTuning({ session, chain, stage, surviving, loadTuner: parts.loadTuner, rerun });
  const preparation = createRunPreparation(tuning, surviving, mechanismOf);
  const record = createRecorder({ surviving, viewOf, takeWarnings: preparation.takeWarnings, order });
  const compare = createComparing({ session, chain, stage, tuning, record, viewOf });
  const checkParity = createParityCheck(session, chain, parts.checkParity);
  const time = createTiming({ session, chain, stage, surviving });
  const inputOf = createInputSource({
    session,
    encoder: parts.encoder,
    surviving,
    preparation,
    // The encoder came while another input stood in for it.
    onLate: (experiment) => {
      const { kind } = session.getState().run;
      const isWanted = kind !== 'idle' && kind !== 'cancelled' && runsTheSame(experiment, config.getState().experiment);
      if (!disposed && isWanted) rerun();
    },
  });

  function mechanismOf(id: string): Mechanism {
    const mechanism = mechanisms.get(id);
    if (!mechanism)
      throw new EngineError('unknown-mechanism', `There is no mechanism ${id}`, { field: 'mechanism', value: id });
    return mechanism;
  }

  async function runChain(): Promise<void> {
    if (!engine || disposed) return;
    const active = engine;
    const signal = chain.begin();
    const { experiment: asked } = config.getState();
    session.setState(({ recording }) => ({ stale: recording !== null && !preparation.isOf(recording, asked) }));
    const recorded = await chain.during('run', 'Running and recording', async (stop) => {
      const { recording, run } = await runAsked(active, asked, stop);
      stage.put(recording, run, asked);
    });
    if (!recorded && !signal.aborted && session.getState().recording === null) await standIn(active, asked, signal);
    if (recorded && !signal.aborted) await finishChain(active, signal);
  }

  /** The variant on screen, on the input that is chosen. */
  async function runAsked(
    active: Engine,
    asked: Experiment,
    signal: AbortSignal,
  ): Promise<{ recording: Recording; run: StagedRun }> {
    await parts.loadExhibit(asked.mechanism);
    signal.throwIfAborted();
    stage.count();
    const mechanism = mechanismOf(asked.mechanism);
    const view = viewOf(asked.mechanism);
    const chosen = { ...asked, input: inputKindOf(asked, view) };
    const given = await inputOf(active, mechanism, chosen, view?.reads, signal);
    const experiment = given ? chosen : withPresetSizes(mechanism, chosen);
    const prepared = await preparation.prepare(active, experiment, given);
    const began = now();
    const recording = await record(active, prepared, signal);
    return { recording, run: { prepared, companions: [], experiment, given, ms: now() - began } };
  }

  /** What stands beside the run on the stage, one after the other. */
  async function finishChain(active: Engine, signal: AbortSignal): Promise<void> {
    await compare(active);
    if (signal.aborted) return;
    if (session.getState().parity.kind !== 'done') await checkParity();
    if (signal.aborted || !stage.run || stage.run.ms > TIMED_BY_ITSELF_MS) return;
    await time(active);
    if (!signal.aborted) await tuning.run(active, false);
  }

  /** Another variant to compare with: the run on the stage stays as it is. */
  async function runBeside(): Promise<void> {
    const { stale, run } = session.getState();
    if (!engine || disposed || !stage.run || stale || run.kind !== 'done') return runChain();
    const signal = chain.begin();
    stage.compareAnew();
    await finishChain(engine, signal);
  }

  /** A link that cannot run must not leave the stage empty: the first preset plays below the error. */
  async function standIn(active: Engine, asked: Experiment, signal: AbortSignal): Promise<void> {
    const instead = standInFor(mechanisms.get(asked.mechanism), asked, active.adapter.limits);
    if (!instead) return;
    const { title, prepared, experiment } = instead;
    const began = now();
    let recording: Recording | undefined;
    await chain.during('comparison', `Recording “${title}” instead`, async (stop) => {
      recording = await record(active, prepared, stop);
    });
    if (!recording || signal.aborted) return;
    stage.put(recording, { prepared, companions: [], experiment, given: null, ms: now() - began }, asked);
    session.setState({ inputNote: `What was asked for cannot run here; the preset “${title}” stands in.` });
  }

  /** Ends the chain under way, and the one that waits. @returns ends with the next one */
  function interrupt(): AbortSignal {
    agenda.clear();
    stage.leave();
    session.setState({ run: { kind: 'idle' } });
    return chain.begin();
  }

  /** A shipped recording of `experiment` gives way to a run of this device, and to another one once something else is asked for. */
  function mayTakeStage(experiment: Experiment | undefined): boolean {
    const { recording } = session.getState();
    if (recording === null) return true;
    if (recording.device.origin === 'this-device') return false;
    return experiment === undefined || runsTheSame(experiment, config.getState().experiment);
  }

  const unsubscribe = config.subscribe(({ experiment }, before) => {
    if (experiment === before.experiment) return;
    if (runsTheSame(experiment, before.experiment)) return agenda.after(DEBOUNCE_MS, 'beside');
    // Said at once: what is on the stage is not what the page asks for any more.
    if (engine) session.setState(({ recording }) => ({ stale: recording !== null }));
    agenda.after(DEBOUNCE_MS, 'run');
  });

  return {
    async start() {
      session.setState({ engine: { kind: 'opening' } });
      // Meanwhile; what keeps it from loading is said by the run.
      parts.loadExhibit(config.getState().experiment.mechanism).then(stage.count, () => {});
      try {
        const opened = await parts.openEngine();
        if (disposed) {
          opened.dispose();
          return null;
        }
        engine = opened;
        session.setState({ engine: { kind: 'ready', adapter: engine.adapter } });
        rerun();
        return engine;
      } catch (error) {
        session.setState({ engine: { kind: 'failed', problem: await openingProblemOf(error) } });
        return null;
      }
    },
    rerun,
    async study(study, again = false) {
      const { createStudies } = await import('./beside/studies.ts');
      if (disposed) return;
      studies ??= createStudies({ session, surviving, engine: () => engine });
      await studies.start(study, again);
    },
    stopStudy: (study) => studies?.cancel(study),
    cancel: chain.cancel,
    measure: () => {
      if (engine) void time(engine);
    },
    tune: () => {
      if (engine) void tuning.run(engine, true);
    },
    forgetTuning: () => void tuning.forget(),
    openAt: stage.openAt,
    async show(given, of) {
      const isFile = given.device.origin === 'file';
      if (of) preparation.keep(of, given);
      // A run that is under way would replace a file that was just opened.
      const opening = isFile ? interrupt() : null;
      const isLate = () => disposed || (opening ? opening.aborted : !mayTakeStage(of));
      if (isLate()) return;
      const recording = await inOrder(given, order());
      await prepareView(viewOf(recording.mechanism), recording);
      if (isLate()) return;
      session.setState({ inputNote: null });
      stage.put(recording, null, of);
      if (isFile) void checkParity();
    },
    restore: (recording, of) => stage.put(recording, null, of),
    dispose() {
      disposed = true;
      agenda.clear();
      unsubscribe();
      stopOrder();
      chain.begin();
      studies?.dispose();
      engine?.dispose();
    },
  };
}
