// The config store: what is on screen. Lives in the link; its experiment has undo and redo.

import { createStore } from 'zustand/vanilla';
import {
  type Arrangement,
  DEFAULT_ARRANGEMENT,
  DEFAULT_EXPERIMENT,
  type Experiment,
  type Panes,
} from './experiment.ts';

/** Experiments remembered for undo. */
export const HISTORY_LIMIT = 100;
/** Changes of the same field closer together than this are one undo step: a slider drag, a word typed. */
export const COALESCE_MS = 700;

export interface ConfigState {
  experiment: Experiment;
  arrangement: Arrangement;
  past: readonly Experiment[];
  future: readonly Experiment[];
  /** Edited kernels that came with a link and wait for the user's consent. */
  pendingSources: Readonly<Record<string, string>> | null;
  /** Changes the experiment. `field` names what is changed, so that one gesture becomes one undo step. */
  change(patch: Partial<Experiment>, field?: string): void;
  /** Merges keys into the mechanism's config; `undefined` removes a key. */
  changeConfig(patch: Record<string, unknown>, field?: string): void;
  arrange(patch: Partial<Omit<Arrangement, 'panes'>>): void;
  resize(patch: Partial<Panes>): void;
  undo(): void;
  redo(): void;
  /** Replaces everything, as opening a link does; the experiment before it can be undone. */
  open(experiment: Experiment, arrangement: Arrangement, pendingSources: ConfigState['pendingSources']): void;
  /** Takes (or drops) the edited kernels of the link. */
  decideSources(accept: boolean): void;
}

export type ConfigStore = ReturnType<typeof createConfigStore>;

/** @param now milliseconds, monotonic; injected so that coalescing can be tested */
export function createConfigStore(now: () => number = () => performance.now()) {
  let lastField: string | undefined;
  let lastTime = Number.NEGATIVE_INFINITY;

  return createStore<ConfigState>()((set, get) => ({
    experiment: DEFAULT_EXPERIMENT,
    arrangement: DEFAULT_ARRANGEMENT,
    past: [],
    future: [],
    pendingSources: null,

    change(patch, field) {
      const { experiment, past } = get();
      if (isSame(experiment, patch)) return;
      const time = now();
      const continues = field !== undefined && field === lastField && time - lastTime < COALESCE_MS && past.length > 0;
      lastField = field;
      lastTime = time;
      set({
        experiment: { ...experiment, ...patch },
        past: continues ? past : [...past, experiment].slice(-HISTORY_LIMIT),
        future: [],
      });
    },

    changeConfig(patch, field) {
      const config: Record<string, unknown> = { ...get().experiment.config, ...patch };
      for (const [key, value] of Object.entries(config)) if (value === undefined) delete config[key];
      get().change({ config: config as Experiment['config'] }, field);
    },

    arrange(patch) {
      set({ arrangement: { ...get().arrangement, ...patch } });
    },

    resize(patch) {
      const { arrangement } = get();
      set({ arrangement: { ...arrangement, panes: { ...arrangement.panes, ...patch } } });
    },

    undo() {
      const { past, future, experiment } = get();
      const previous = past.at(-1);
      if (!previous) return;
      lastField = undefined;
      set({ experiment: previous, past: past.slice(0, -1), future: [experiment, ...future] });
    },

    redo() {
      const { past, future, experiment } = get();
      const next = future[0];
      if (!next) return;
      lastField = undefined;
      set({ experiment: next, past: [...past, experiment], future: future.slice(1) });
    },

    open(experiment, arrangement, pendingSources) {
      const { experiment: before, past } = get();
      lastField = undefined;
      const moved = !isSame(before, experiment);
      set({
        experiment,
        arrangement,
        pendingSources,
        past: moved ? [...past, before].slice(-HISTORY_LIMIT) : past,
        future: moved ? [] : get().future,
      });
    },

    decideSources(accept) {
      const { pendingSources } = get();
      set({ pendingSources: null });
      if (accept && pendingSources) get().change({ sources: pendingSources });
    },
  }));
}

/** True when `patch` holds nothing new. Values are small plain data. */
function isSame(experiment: Experiment, patch: Partial<Experiment>): boolean {
  return Object.entries(patch).every(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(experiment[key as keyof Experiment]),
  );
}
