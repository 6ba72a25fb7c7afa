// Exhibits as the page comes to need them: lists know their cards, code is loaded to draw, read or run one.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { loadMechanism } from '#gpu/mechanisms/registry.ts';
import type { ExhibitEntry, MechanismView } from '../../exhibit/view.ts';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { NotHere } from '../../words/not-here.ts';

/** By id, as far as they are loaded: what is on screen, and what was since the page was opened. */
export interface Exhibits {
  mechanisms: StoreApi<ReadonlyMap<string, Mechanism>>;
  views: StoreApi<ReadonlyMap<string, MechanismView>>;
  /** Loads an exhibit's view, to draw it; the whole of it, to read or run it. @throws NotHere */
  loadExhibit(id: string, part: 'view' | 'whole'): Promise<void>;
}

export function createExhibits(loadView: (id: string) => Promise<ExhibitEntry | null>): Exhibits {
  const mechanisms = createStore<ReadonlyMap<string, Mechanism>>()(() => new Map());
  const views = createStore<ReadonlyMap<string, MechanismView>>()(() => new Map());
  /** Exhibits whose later controls are here. */
  const whole = new Set<string>();

  async function addMechanism(id: string): Promise<void> {
    const mechanism = await loadMechanism(id);
    if (mechanism && !mechanisms.getState().has(id)) put(mechanisms, id, mechanism);
  }

  /** Controls that come later are none until then. */
  async function addView(id: string): Promise<ExhibitEntry | null> {
    const entry = await loadView(id);
    if (!entry || views.getState().has(id)) return entry;
    put(views, id, { ...entry, controls: Array.isArray(entry.controls) ? entry.controls : [] });
    return entry;
  }

  async function addControls(id: string): Promise<void> {
    const entry = await addView(id);
    if (!entry || Array.isArray(entry.controls)) return;
    const view = await wholeExhibit(entry);
    if (whole.has(id)) return;
    whole.add(id);
    put(views, id, view);
  }

  return {
    mechanisms,
    views,
    async loadExhibit(id, part) {
      try {
        await (part === 'view' ? addView(id) : Promise.all([addMechanism(id), addControls(id)]));
      } catch (error) {
        throw new NotHere(`“${cards.get(id)?.title ?? id}”`, error);
      }
    },
  };
}

function put<T>(store: StoreApi<ReadonlyMap<string, T>>, id: string, value: T): void {
  store.setState(new Map([...store.getState(), [id, value]]), true);
}
