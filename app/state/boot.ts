// Puts the page together: catalogue, link, stores, controller, engine. What is not needed for the first picture comes after it.

import { cards } from '#gpu/mechanisms/cards.ts';
import { mechanisms } from '#gpu/mechanisms/registry.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { ExhibitEntry } from '../exhibit/view.ts';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { loadTuner } from './beside/load-tuner.ts';
import type { OpenedLink } from './link/url-state.ts';
import type { Page } from './page-context.ts';
import { createPageClock, startPlayback } from './playback/playback.ts';
import { fetchShippedRecording, listShipped, loadShipped } from './recordings/shipped-recordings.ts';
import { createEncoderLoader, fetchShippedEncoder } from './run/encoder-loader.ts';
import { createExhibits, type Exhibits } from './run/load-exhibit.ts';
import { openForScripts } from './run/script-access.ts';
import { createRunController } from './run-controller.ts';
import { createConfigStore } from './stores/config-store.ts';
import { createCursorStore } from './stores/cursor-store.ts';
import { type Experiment, runsTheSame } from './stores/experiment.ts';
import { DEFAULT_LINK, GALLERY_HASH, isModelsHash } from './stores/link-state.ts';
import { createSessionStore } from './stores/session-store.ts';

/** The engine waits for the shipped recording no longer than this. */
const SHIPPED_PATIENCE_MS = 500;

/** From the first live picture, or the word that there is none to come, until what it did not need is fetched. */
const PICTURED_MS = 400;
/** A live picture may take its time (a sentence waits for its encoder); from the first picture or the open engine on, the rest waits no longer. */
const LIVE_MS = 6000;

export interface BootParts {
  loadView(mechanism: string): Promise<ExhibitEntry | null>;
  openEngine(): Promise<Engine>;
}

/**
 * The link of the address, read by its mechanism's schema. Without one the first picture needs neither the schema nor what reads links.
 *
 * @throws NotHere
 */
async function readAddress({ loadExhibit }: Exhibits): Promise<OpenedLink> {
  const { hash } = location;
  if (hash === '' || hash === GALLERY_HASH || isModelsHash(hash))
    return { state: DEFAULT_LINK, sources: null, complaints: [] };
  const { linkedMechanism, openLink } = await import('./link/url-state.ts');
  await loadExhibit(linkedMechanism(hash, cards), 'whole');
  return openLink(hash, mechanisms, cards);
}

/** The link under which a recording of `experiment` would be shipped. */
async function shippedLink(experiment: Experiment): Promise<string> {
  if (experiment === DEFAULT_LINK.experiment) return '';
  const { encodeLink } = await import('./link/url-state.ts');
  return encodeLink({ ...DEFAULT_LINK, experiment: { ...experiment, compare: null } });
}

/**
 * Opens the address's link and starts everything. The page can be drawn as soon as this resolves; recordings come later.
 *
 * @throws NotHere where what the link names cannot be had
 */
export async function boot({ loadView, openEngine }: BootParts): Promise<Page> {
  const exhibits = createExhibits(loadView);
  const { views, loadExhibit } = exhibits;
  const { state, sources, complaints } = await readAddress(exhibits);
  const now = () => performance.now();
  const clock = createPageClock();
  const config = createConfigStore(now);
  const session = createSessionStore();
  const cursor = createCursorStore();
  config.getState().open(state.experiment, state.arrangement, sources);
  config.setState({ past: [], future: [] });
  session.setState({ complaints });
  cursor.setState({ speed: state.speed, selection: state.selection, isLinked: true });

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
  const pictured = new Promise<void>((resolve) => {
    const stop = session.subscribe(({ engine, recording }) => {
      if (recording === null && engine.kind !== 'ready' && engine.kind !== 'failed') return;
      stop();
      resolve();
    });
  });
  const controller = createRunController({
    config,
    session,
    cursor,
    mechanisms,
    viewOf: (id) => views.getState().get(id),
    loadExhibit: (id) => loadExhibit(id, 'whole'),
    openEngine: () => openForScripts(openEngine),
    loadTuner,
    encoder: createEncoderLoader(session, fetchShippedEncoder, now),
    checkParity: async (request, signal) => (await import('./beside/parity.ts')).checkParityInWorker(request, signal),
    now,
    autoplay: () => !clock.reducedMotion(),
    linkedPlace: state.tick === null ? null : { tick: state.tick, step: state.step },
  });
  await loadExhibit(state.experiment.mechanism, 'view');
  // So that a tab answers at once; one that fails to load says so when it is shown.
  const loadTabs = async (id: string) => {
    await Promise.all([settled, loadExhibit(id, 'view')]);
    await Promise.allSettled(views.getState().get(id)?.views.map(loadWholeView) ?? []);
  };
  void loadTabs(state.experiment.mechanism);
  config.subscribe(({ experiment: { mechanism } }, before) => {
    // What keeps it from loading is said by its run.
    if (mechanism !== before.experiment.mechanism)
      Promise.all([loadExhibit(mechanism, 'whole'), loadTabs(mechanism)]).catch(() => {});
  });
  const showShipped = async (experiment: Experiment) => {
    const link = await shippedLink(experiment);
    const [recording] = await Promise.all([fetchShippedRecording(link), loadExhibit(experiment.mechanism, 'view')]);
    if (recording) await controller.show(recording, experiment);
    return recording !== null;
  };
  // Without a device the page still shows what is shipped: of this very experiment, else the nearest to it, and says so.
  const playNearest = async () => {
    const { experiment } = config.getState();
    const isAsked = () => config.getState().experiment === experiment;
    try {
      if ((await showShipped(experiment)) || !isAsked()) return;
      const { nearestShipped } = await import('./recordings/nearest-shipped.ts');
      const [entries, link] = await Promise.all([listShipped(), shippedLink(experiment)]);
      const entry = nearestShipped(entries, link, DEFAULT_LINK.experiment.mechanism);
      const recording = entry && (await loadShipped(entry));
      if (!isAsked()) return;
      if (recording) await controller.show(recording);
      if (!isAsked()) return;
      const inputNote = entry
        ? `What was asked for cannot run without a device: “${entry.title}” plays instead.`
        : 'No recording of this exhibit is shipped with the page.';
      session.setState({ inputNote, ...(!entry && { stale: true }) });
    } catch (error) {
      if (isAsked()) session.setState({ inputNote: (error as Error).message, stale: true });
    }
  };
  config.subscribe(({ experiment }, before) => {
    if (!runsTheSame(experiment, before.experiment) && session.getState().engine.kind === 'failed') void playNearest();
  });
  startPlayback(cursor, clock);
  // The shipped recording is the first picture where there is one; the mechanism's and the engine's own code come after it.
  const shipped = showShipped(state.experiment).catch(() => false);
  const patience = new Promise((resolve) => setTimeout(resolve, SHIPPED_PATIENCE_MS));
  const start = async () => {
    await Promise.race([shipped, patience]);
    const engine = await controller.start();
    // With a device the live run takes its place, and nobody misses it; without one, something else may have been chosen meanwhile.
    const isChanged = () => !runsTheSame(config.getState().experiment, state.experiment);
    if (!engine && (!(await shipped) || isChanged())) await playNearest();
  };
  void start();
  return { config, session, cursor, controller, pictured, settled, ...exhibits };
}
