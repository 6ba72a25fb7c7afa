// Puts the page together: catalogue, link, stores, controller, engine. What is not needed for the first picture comes after it.

import { createStore } from 'zustand/vanilla';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { MechanismView } from '../exhibit/view.ts';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { loadTuner } from './beside/load-tuner.ts';
import { checkParityInWorker } from './beside/parity.ts';
import { DEFAULT_LINK, encodeLink, GALLERY_HASH, linkedMechanism, openLink } from './link/url-state.ts';
import type { Page } from './page-context.ts';
import { createPageClock, startPlayback } from './playback/playback.ts';
import { fetchShippedRecording } from './recordings/shipped-recordings.ts';
import { createEncoderLoader, fetchShippedEncoder } from './run/encoder-loader.ts';
import { createRunController } from './run-controller.ts';
import { createConfigStore } from './stores/config-store.ts';
import { createCursorStore } from './stores/cursor-store.ts';
import type { Experiment } from './stores/experiment.ts';
import { createSessionStore } from './stores/session-store.ts';

declare global {
  interface Window {
    /** The engine and its catalogue, for scripts and the console; there once the engine is open. */
    tilescope?: { engine: Engine; mechanisms: ReadonlyMap<string, Mechanism> };
  }
}

/** The engine waits for the shipped recording no longer than this. */
const SHIPPED_PATIENCE_MS = 500;

/** From the first live picture, or the word that there is none to come, until what it did not need is fetched. */
const PICTURED_MS = 400;
/** A live picture may take its time (a sentence waits for its encoder); from the first picture or the open engine on, the rest waits no longer. */
const LIVE_MS = 6000;

export interface BootParts {
  loadView(mechanism: string): Promise<MechanismView | null>;
  openEngine(): Promise<Engine>;
}

/** Opens the address's link and starts everything. The page can be drawn as soon as this resolves; recordings come later. */
export async function boot({ loadView, openEngine }: BootParts): Promise<Page> {
  const { loadMechanism, loadMechanisms, mechanisms } = await import('#gpu/mechanisms/registry.ts');
  // The link's mechanism (or the default one, where the link's is not to be had) is all that the first picture needs.
  await Promise.all([DEFAULT_LINK.experiment.mechanism, linkedMechanism(location.hash)].map(loadMechanism));
  const { state, sources, complaints } = openLink(location.hash === GALLERY_HASH ? '' : location.hash, mechanisms);
  const now = () => performance.now();
  const clock = createPageClock();
  const config = createConfigStore(now);
  const session = createSessionStore();
  const cursor = createCursorStore();
  config.getState().open(state.experiment, state.arrangement, sources);
  config.setState({ past: [], future: [] });
  session.setState({ complaints });
  cursor.setState({ speed: state.speed, selection: state.selection });

  const views = createStore<ReadonlyMap<string, MechanismView>>()(() => new Map());
  // What is not on screen stays out of the way of the first live picture: where kernels compile on the processor, all else slows them.
  const settled = new Promise<void>((resolve) => {
    const stop = session.subscribe(({ engine, run, recording }, before) => {
      if (engine.kind === 'ready' && before.engine.kind !== 'ready') setTimeout(resolve, LIVE_MS);
      if (recording !== null && before.recording === null) setTimeout(resolve, LIVE_MS);
      const ended = recording !== null && run.kind !== 'idle' && run.kind !== 'running';
      if (engine.kind !== 'failed' && !ended) return;
      stop();
      setTimeout(resolve, PICTURED_MS);
    });
  });
  const controller = createRunController({
    config,
    session,
    cursor,
    mechanisms,
    viewOf: (mechanism) => views.getState().get(mechanism),
    openEngine: async () => {
      const engine = await openEngine();
      void settled.then(loadMechanisms).then(() => {
        window.tilescope = { engine, mechanisms };
      });
      return engine;
    },
    loadTuner,
    encoder: createEncoderLoader(session, fetchShippedEncoder, now),
    checkParity: checkParityInWorker,
    now,
    autoplay: () => !clock.reducedMotion(),
    linkedPlace: state.tick === null ? null : { tick: state.tick, step: state.step },
  });
  const addView = async (mechanism: string) => {
    const view = views.getState().has(mechanism) ? null : await loadView(mechanism);
    if (!view) return;
    views.setState(new Map([...views.getState(), [mechanism, view]]), true);
    // So that a tab answers at once; one that fails to load says so when it is shown.
    void settled.then(() => Promise.allSettled(view.views.map(loadWholeView)));
  };
  await addView(state.experiment.mechanism);
  config.subscribe(({ experiment }) => void addView(experiment.mechanism));
  const showShipped = async (experiment: Experiment) => {
    const recording = await fetchShippedRecording(
      encodeLink({ ...DEFAULT_LINK, experiment: { ...experiment, compare: null } }),
    );
    if (recording) await controller.show(recording, experiment);
    return recording !== null;
  };
  // Without a device a changed page can still show what is shipped.
  config.subscribe(async ({ experiment }, before) => {
    if (experiment === before.experiment || session.getState().engine.kind !== 'failed') return;
    const shown = await showShipped(experiment);
    if (!shown)
      session.setState({ inputNote: 'No recording of these settings is shipped with the page.', stale: true });
  });
  startPlayback(cursor, clock);
  // The shipped recording is the first picture where there is one; the engine's own code comes after it.
  const shipped = showShipped(state.experiment);
  const patience = new Promise((resolve) => setTimeout(resolve, SHIPPED_PATIENCE_MS));
  void Promise.race([shipped, patience]).then(() => controller.start());
  return { config, session, cursor, controller, mechanisms, loadMechanisms, settled, views, addView };
}
