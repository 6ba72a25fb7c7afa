// Runs the studies of views on this device: after what the page itself has under way, row by row into the session store, until each is done,
// stopped, or what it belongs to is no longer on the stage. Loaded when a view first asks.

import { EngineError } from '#gpu/core/errors.ts';
import { loadMechanism, mechanisms } from '#gpu/mechanisms/registry.ts';
import type { Experiment, Session } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { NOT_STARTED, type Study, type StudyEngine, type StudyProgress, studyKey } from '../../exhibit/study.ts';
import type { createSurvivor } from '../run/device-loss.ts';
import { assertWatchable } from '../run/prepared-run.ts';
import { isAborted } from '../stores/problems.ts';
import type { SessionState, SessionStore } from '../stores/session-store.ts';

/** The page's own work starts within this time after the last of it ended, or not at all. */
const LULL_MS = 400;

export interface StudyParts {
  session: SessionStore;
  surviving: ReturnType<typeof createSurvivor>;
  /** Null while there is none. */
  engine(): StudyEngine | null;
}

export interface Studies {
  /** Of the recording on the stage. Nothing while it is under way, or where it cannot be; `again`: also where it is over. */
  start(study: Study, again: boolean): Promise<void>;
  cancel(study: Study): void;
  dispose(): void;
}

export function createStudies({ session, surviving, engine }: StudyParts): Studies {
  const underWay = new Map<string, { study: Study; stop: AbortController }>();
  /** Those with a result of some recording, and what of it that was. */
  const belongs = new Map<string, { study: Study; of: string | undefined }>();

  function end(key: string): void {
    underWay.get(key)?.stop.abort();
    underWay.delete(key);
  }

  function drop(key: string): void {
    end(key);
    belongs.delete(key);
    session.setState(({ studies: { [key]: _, ...others } }) => ({ studies: others }));
  }

  // What the page asks for next has the device at once; what came of the recording before is not that of the next.
  const unsubscribe = session.subscribe(({ recording, stale }, before) => {
    if (recording === before.recording && stale === before.stale) return;
    for (const [key, { study, of }] of belongs) {
      if (!study.of) continue;
      const isHere = recording !== null && studyKey(recording, study) === key;
      const isOther = isHere && study.of(recording) !== of;
      if (isOther || (underWay.has(key) && (stale || !isHere))) drop(key);
    }
  });

  async function start(study: Study, again: boolean): Promise<void> {
    const { recording, stale, studies } = session.getState();
    if (!recording) return;
    const key = studyKey(recording, study);
    if (underWay.has(key) || (studies[key] && !again)) return;
    // A shipped recording or one from a file may hold kernels that nobody here agreed to run.
    if (study.of && (stale || recording.device.origin !== 'this-device')) return;
    const own = { study, stop: new AbortController() };
    underWay.set(key, own);
    belongs.set(key, { study, of: study.of?.(recording) });
    const { signal } = own.stop;
    // What was dropped, or started anew, says nothing more.
    const set = (part: Partial<StudyProgress>) => {
      if (underWay.get(key) !== own) return;
      session.setState(({ studies: all }) => ({
        studies: { ...all, [key]: { ...NOT_STARTED, ...all[key], ...part } },
      }));
    };
    set({ ...NOT_STARTED, kind: 'waiting' });
    try {
      await idle(session, signal);
      const open = engine();
      if (!open) throw new EngineError('no-adapter', 'This needs a device with WebGPU; there is none.');
      const work = () => {
        set({ ...NOT_STARTED, kind: 'running' });
        return study.run(polite(open, session, signal), signal, onRow, recording);
      };
      const onRow = (row: StudyProgress['rows'][number], share: number) =>
        !signal.aborted && set({ share, rows: [...(session.getState().studies[key]?.rows ?? []), row] });
      const message = await surviving(work, signal, study.of ? recording.edited : []);
      set(signal.aborted ? { kind: 'cancelled' } : { kind: 'done', message });
    } catch (error) {
      if (isAborted(error) || signal.aborted) set({ kind: 'cancelled' });
      else set({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      if (underWay.get(key) === own) underWay.delete(key);
    }
  }

  return {
    start,
    cancel(study) {
      const { recording } = session.getState();
      if (recording) underWay.get(studyKey(recording, study))?.stop.abort();
    },
    dispose() {
      unsubscribe();
      for (const key of underWay.keys()) end(key);
    },
  };
}

const isBusy = ({ engine, run, comparison, parity, timing, tune, encoder }: SessionState) =>
  engine.kind === 'opening' || [run, comparison, parity, timing, tune, encoder].some(({ kind }) => kind === 'running');

/** Resolves when the page's own runs are over: one beside a timing would spoil it. @throws EngineError aborted */
async function idle(session: SessionStore, signal: AbortSignal): Promise<void> {
  for (;;) {
    await orStopped(signal, (resolve) => void setTimeout(resolve, LULL_MS));
    if (!isBusy(session.getState())) return;
    await orStopped(signal, (resolve) => {
      const stop = session.subscribe((state) => {
        if (isBusy(state)) return;
        stop();
        resolve();
      });
    });
  }
}

function orStopped(signal: AbortSignal, wait: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => reject(new EngineError('aborted', 'the study was stopped'));
    if (signal.aborted) stopped();
    signal.addEventListener('abort', stopped, { once: true });
    wait(() => {
      signal.removeEventListener('abort', stopped);
      resolve();
    });
  });
}

/** The engine, for work that gives way: a run waits while the page has one of its own under way, and is none that takes minutes. */
function polite(engine: StudyEngine, session: SessionStore, signal: AbortSignal): StudyEngine {
  const { adapter } = engine;
  const lull = async () => {
    if (isBusy(session.getState())) await idle(session, signal);
  };
  const politely = async <T>(experiment: object, inputs: Inputs | undefined, work: () => Promise<T>) => {
    await refuseLong(experiment, inputs, adapter.isSoftware);
    await lull();
    return work();
  };
  return {
    adapter,
    run: (experiment, options) => politely(experiment, options?.inputs, () => engine.run(experiment, options)),
    open: async (what, options) => {
      const opened = await politely(what, options?.inputs, () => engine.open(what, options));
      const run: Session['run'] = async (...given) => {
        await lull();
        return opened.run(...given);
      };
      const { bytes } = opened;
      return {
        bytes,
        run,
        read: (buffer) => opened.read(buffer),
        write: (...given) => opened.write(...given),
        crop: (length) => opened.crop(length),
        dispose: () => opened.dispose(),
      };
    },
  };
}

type Inputs = Recording['inputs'];

/** @throws EngineError limit-exceeded; what the mechanism does not take */
async function refuseLong(what: object, inputs: Inputs | undefined, isSoftware: boolean): Promise<void> {
  if (!('mechanism' in what)) return;
  const { mechanism: id, variant: name, config: raw } = what as Experiment;
  await loadMechanism(id);
  const mechanism = mechanisms.get(id);
  const variant = mechanism?.variants.find((each) => each.id === name);
  // Unknown ones the engine refuses by name.
  if (mechanism && variant) assertWatchable({ mechanism, variant, config: mechanism.resolve(raw, inputs) }, isSoftware);
}
