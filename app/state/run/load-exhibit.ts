// Exhibits as the page comes to need them: lists know their cards, code is loaded to draw, read or run one.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { cards, loadMechanism } from '#gpu/mechanisms/registry.ts';
import type { MechanismView } from '../../exhibit/view.ts';

/** What was never opened in this browser is not kept in it. */
export class NotHere extends Error {
  override name = 'NotHere';

  constructor(id: string, cause: unknown) {
    const title = cards.get(id)?.title ?? id;
    super(
      `“${title}” could not be loaded. What was not opened in this browser before needs the network: try again when there is one.`,
      { cause },
    );
  }
}

/** By id, as far as they are loaded: what is on screen, and what was since the page was opened. */
export interface Exhibits {
  mechanisms: StoreApi<ReadonlyMap<string, Mechanism>>;
  views: StoreApi<ReadonlyMap<string, MechanismView>>;
  /** Loads an exhibit's view, to draw it; its mechanism, to read or run it. @throws NotHere */
  loadExhibit(id: string, part: 'view' | 'mechanism'): Promise<void>;
}

export function createExhibits(loadView: (id: string) => Promise<MechanismView | null>): Exhibits {
  const mechanisms = createStore<ReadonlyMap<string, Mechanism>>()(() => new Map());
  const views = createStore<ReadonlyMap<string, MechanismView>>()(() => new Map());
  const load = { mechanism: adder(mechanisms, loadMechanism), view: adder(views, loadView) };
  return {
    mechanisms,
    views,
    async loadExhibit(id, part) {
      try {
        await load[part](id);
      } catch (error) {
        throw new NotHere(id, error);
      }
    },
  };
}

/** Loads into a store what is not in it yet. */
function adder<T>(store: StoreApi<ReadonlyMap<string, T>>, fetch: (id: string) => Promise<T | null>) {
  return async (id: string): Promise<void> => {
    if (store.getState().has(id)) return;
    const loaded = await fetch(id);
    if (loaded !== null && !store.getState().has(id))
      store.setState(new Map([...store.getState(), [id, loaded]]), true);
  };
}
