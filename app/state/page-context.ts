// The page's stores and controller, handed to components through one context; hooks subscribe to slices of them.

import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { NOT_STARTED, type Study, type StudyState, studyKey } from '../exhibit/study.ts';
import type { MechanismView } from '../exhibit/view.ts';
import type { RunController } from './run-controller.ts';
import type { ConfigState, ConfigStore } from './stores/config-store.ts';
import type { CursorState, CursorStore } from './stores/cursor-store.ts';
import type { SessionState, SessionStore } from './stores/session-store.ts';

export interface Page {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  controller: RunController;
  /** Those loaded so far: the link's at once, the others once the page has settled. */
  mechanisms: ReadonlyMap<string, Mechanism>;
  loadMechanisms(): Promise<ReadonlyMap<string, Mechanism>>;
  /** Resolves a moment after the first live picture, or the word that none is to come; at the latest some seconds after the engine opened. */
  settled: Promise<void>;
  /** Views by mechanism id, for those that are loaded. */
  views: StoreApi<ReadonlyMap<string, MechanismView>>;
  /** Loads a mechanism's view into `views`. */
  addView(mechanism: string): Promise<void>;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('usePage outside of the page');
  return page;
}

export const useConfig = <T>(select: (state: ConfigState) => T): T => useStore(usePage().config, select);
export const useSession = <T>(select: (state: SessionState) => T): T => useStore(usePage().session, select);
export const useCursor = <T>(select: (state: CursorState) => T): T => useStore(usePage().cursor, select);

export function useMechanism(): { mechanism: Mechanism | undefined; view: MechanismView | undefined } {
  const { mechanisms, views } = usePage();
  const id = useConfig(({ experiment }) => experiment.mechanism);
  const view = useStore(views, (loaded) => loaded.get(id));
  return { mechanism: mechanisms.get(id), view };
}

/**
 * Mechanism and view of what is on the stage. While another mechanism is chosen and its first run is under way, these are still those
 * of the old picture: no view draws what another mechanism recorded.
 */
export function useShown(): { mechanism: Mechanism | undefined; view: MechanismView | undefined } {
  const { mechanisms, views } = usePage();
  const chosen = useConfig(({ experiment }) => experiment.mechanism);
  const id = useSession(({ recording }) => recording?.mechanism) ?? chosen;
  const view = useStore(views, (loaded) => loaded.get(id));
  return { mechanism: mechanisms.get(id), view };
}

/** A mechanism's view, loaded where it was not yet. */
export function useViewOf(mechanism: string): MechanismView | undefined {
  const { views, addView } = usePage();
  useEffect(() => void addView(mechanism), [mechanism, addView]);
  return useStore(views, (loaded) => loaded.get(mechanism));
}

/** A view's study of what is on the stage; the same object until something about it changes. */
export function useStudy(study: Study | undefined): StudyState | undefined {
  const { controller } = usePage();
  const progress = useSession(({ recording, studies }) => study && recording && studies[studyKey(recording, study)]);
  return useMemo(() => {
    if (!study) return undefined;
    const [start, cancel] = [() => void controller.study(study, true), () => controller.stopStudy(study)];
    return { ...(progress ?? NOT_STARTED), start, cancel };
  }, [study, progress, controller]);
}

/**
 * The exhibits to choose from: once they are loaded, every mechanism; until then the one on screen.
 *
 * @param atOnce load them now, not only once the page has settled
 */
export function useExhibits(atOnce = false): Mechanism[] {
  const { mechanisms, loadMechanisms, settled } = usePage();
  const [, setLoaded] = useState(0);
  useEffect(() => {
    void (atOnce ? loadMechanisms() : settled.then(loadMechanisms)).then((all) => setLoaded(all.size));
  }, [atOnce, loadMechanisms, settled]);
  return [...mechanisms.values()].filter(({ role }) => role === 'mechanism').sort((a, b) => a.id.localeCompare(b.id));
}
