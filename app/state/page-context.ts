// The page's stores and controller, handed to components through one context; hooks subscribe to slices of them.

import { createContext, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { Card, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { NOT_STARTED, type Study, type StudyState, studyKey } from '../exhibit/study.ts';
import type { MechanismView } from '../exhibit/view.ts';
import type { Exhibits } from './run/load-exhibit.ts';
import type { RunController } from './run-controller.ts';
import type { ConfigState, ConfigStore } from './stores/config-store.ts';
import type { CursorState, CursorStore } from './stores/cursor-store.ts';
import type { SessionState, SessionStore } from './stores/session-store.ts';

export interface Page extends Exhibits {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  controller: RunController;
  /** Resolves with the first picture, or where none comes before the engine is open or refused. */
  pictured: Promise<void>;
  /** Resolves a moment after the first live picture, or the word that none is to come; at the latest some seconds after the engine opened. */
  settled: Promise<void>;
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

/** An exhibit as far as it is here: what lists show of it always is. */
export interface Exhibit {
  card: Card | undefined;
  mechanism: Mechanism | undefined;
  view: MechanismView | undefined;
}

function useExhibit(id: string): Exhibit {
  const { mechanisms, views } = usePage();
  const mechanism = useStore(mechanisms, (loaded) => loaded.get(id));
  const view = useStore(views, (loaded) => loaded.get(id));
  return { card: cards.get(id), mechanism, view };
}

/** The exhibit that is chosen. */
export const useMechanism = (): Exhibit => useExhibit(useConfig(({ experiment }) => experiment.mechanism));

/**
 * Mechanism and view of what is on the stage. While another mechanism is chosen and its first run is under way, these are still those
 * of the old picture: no view draws what another mechanism recorded.
 */
export function useShown(): Exhibit {
  const chosen = useConfig(({ experiment }) => experiment.mechanism);
  return useExhibit(useSession(({ recording }) => recording?.mechanism) ?? chosen);
}

/** An exhibit's view, loaded where it was not yet, once it is `wanted`. */
export function useViewOf(id: string, wanted: boolean): MechanismView | undefined {
  const { views, loadExhibit } = usePage();
  useEffect(() => {
    // One that cannot be had is missing in a list as it was; who opens it is told.
    if (wanted) loadExhibit(id, 'view').catch(() => {});
  }, [id, wanted, loadExhibit]);
  return useStore(views, (loaded) => loaded.get(id));
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
