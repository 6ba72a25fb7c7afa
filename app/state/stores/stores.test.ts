import { describe, expect, test } from 'vitest';
import { migrate } from '../link/url-migrations.ts';
import { COALESCE_MS, createConfigStore, HISTORY_LIMIT } from './config-store.ts';
import { createCursorStore } from './cursor-store.ts';
import { DEFAULT_ARRANGEMENT, DEFAULT_EXPERIMENT } from './experiment.ts';

describe('config store', () => {
  function storeWithClock() {
    const clock = { now: 0 };
    return { clock, store: createConfigStore(() => clock.now) };
  }

  test('undo and redo step through experiments; a new change drops what could be redone', () => {
    const { store, clock } = storeWithClock();
    store.getState().change({ seed: 2 }, 'seed');
    clock.now += 10 * COALESCE_MS;
    store.getState().change({ seed: 3 }, 'seed');
    store.getState().undo();
    expect(store.getState().experiment.seed).toBe(2);
    store.getState().undo();
    expect(store.getState().experiment).toEqual(DEFAULT_EXPERIMENT);
    store.getState().undo();
    store.getState().redo();
    expect(store.getState().experiment.seed).toBe(2);
    store.getState().change({ seed: 9 });
    store.getState().redo();
    expect(store.getState().experiment.seed).toBe(9);
  });

  test('one gesture on one field is one undo step; another field starts a new one', () => {
    const { store, clock } = storeWithClock();
    for (const nq of [10, 20, 30]) {
      store.getState().changeConfig({ nq }, 'nq');
      clock.now += COALESCE_MS / 2;
    }
    store.getState().changeConfig({ causal: true }, 'causal');
    expect(store.getState().past).toHaveLength(2);
    store.getState().undo();
    expect(store.getState().experiment.config).toEqual({ ...DEFAULT_EXPERIMENT.config, nq: 30 });
    store.getState().undo();
    expect(store.getState().experiment.config).toEqual(DEFAULT_EXPERIMENT.config);
  });

  test('setting what is already set is no change; undefined removes a key', () => {
    const { store } = storeWithClock();
    store.getState().change({ variant: DEFAULT_EXPERIMENT.variant });
    expect(store.getState().past).toHaveLength(0);
    store.getState().changeConfig({ nq: 16 });
    store.getState().changeConfig({ nq: undefined });
    expect(store.getState().experiment.config).toEqual(DEFAULT_EXPERIMENT.config);
    expect(store.getState().past).toHaveLength(2);
  });

  test('the history is bounded', () => {
    const { store } = storeWithClock();
    for (let seed = 2; seed < HISTORY_LIMIT + 50; seed++) store.getState().change({ seed });
    expect(store.getState().past).toHaveLength(HISTORY_LIMIT);
  });

  test('edited kernels of a link enter the experiment only when accepted', () => {
    const { store } = storeWithClock();
    const sources = { 'flash-v2.wgsl': '// edited' };
    store.getState().open(DEFAULT_EXPERIMENT, DEFAULT_ARRANGEMENT, sources);
    expect(store.getState().experiment.sources).toEqual({});
    store.getState().decideSources(false);
    expect(store.getState()).toMatchObject({ pendingSources: null, experiment: { sources: {} } });
    store.getState().open(DEFAULT_EXPERIMENT, DEFAULT_ARRANGEMENT, sources);
    store.getState().decideSources(true);
    expect(store.getState().experiment.sources).toEqual(sources);
  });
});

describe('cursor store', () => {
  test('seeking stays within the recording', () => {
    const store = createCursorStore();
    store.getState().load(128, Number.POSITIVE_INFINITY, false);
    expect(store.getState().tick).toBe(128);
    store.getState().seek(-5);
    expect(store.getState().tick).toBe(0);
    store.getState().seek(1e9);
    expect(store.getState().tick).toBe(128);
    store.getState().seek(Number.NaN);
    expect(store.getState().tick).toBe(0);
  });

  test('play at the end starts again; an empty recording does not play', () => {
    const store = createCursorStore();
    store.getState().play();
    expect(store.getState().playing).toBe(false);
    store.getState().load(10, 10, false);
    store.getState().play();
    expect(store.getState()).toMatchObject({ playing: true, tick: 0 });
  });

  test('speed steps through the list and stops at its ends', () => {
    const store = createCursorStore();
    for (let i = 0; i < 10; i++) store.getState().changeSpeed(1);
    expect(store.getState().speed).toBe(8);
    for (let i = 0; i < 20; i++) store.getState().changeSpeed(-1);
    expect(store.getState().speed).toBe(0.1);
  });
});

describe('link migrations', () => {
  test('each version passes through every later migration, in order', () => {
    const migrations = {
      1: (keys: ReadonlyMap<string, string>) => new Map([...keys, ['seen', 'a']]),
      3: (keys: ReadonlyMap<string, string>) => new Map([...keys, ['seen', `${keys.get('seen') ?? ''}c`]]),
    };
    expect(migrate(new Map(), 1, 4, migrations).get('seen')).toBe('ac');
    expect(migrate(new Map(), 2, 4, migrations).get('seen')).toBe('c');
    expect(migrate(new Map(), 4, 4, migrations).get('seen')).toBeUndefined();
  });
});
