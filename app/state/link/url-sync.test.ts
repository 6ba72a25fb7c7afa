// The address and the page: whichever changes last is the one that counts, in whatever order timers and events come.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Page } from '../page-context.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { DEFAULT_ARRANGEMENT } from '../stores/experiment.ts';
import { DEFAULT_LINK, GALLERY_HASH } from '../stores/link-state.ts';
import { setUp } from '../testing/scripted-engine.ts';
import { startUrlSync } from './url-sync.ts';

const QUIET_MS = 400;

/** A browser's address bar as far as it is used. Assigning `hash` is what a person or a link does. */
const address = { hash: '', pathname: '/', search: '' };
const entries: string[] = [];
let hashchange = () => {};

function put(to: string): void {
  address.hash = to.includes('#') ? to.slice(to.indexOf('#')) : '';
}

function openedPage() {
  const { config, session, controller } = setUp();
  const cursor = createCursorStore();
  const openAt = vi.fn();
  const page = {
    config,
    session,
    cursor,
    controller: { ...controller, openAt },
    mechanisms: createStore(() => mechanisms),
    loadExhibit: async () => {},
  } as unknown as Page;
  const stop = startUrlSync(page, () => ({
    ...DEFAULT_LINK,
    experiment: config.getState().experiment,
    arrangement: DEFAULT_ARRANGEMENT,
  }));
  return { config, session, cursor, openAt, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  address.hash = '#v=1&in=random';
  entries.length = 0;
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', {
    replaceState: (_state: unknown, _title: string, to: string) => put(to),
    pushState: (_state: unknown, _title: string, to: string) => {
      entries.push(to);
      put(to);
    },
  });
  vi.stubGlobal('window', {
    addEventListener: (_type: string, listener: () => void) => {
      hashchange = listener;
    },
    removeEventListener: () => {},
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('the address follows the page; another kernel is an entry to come back from', () => {
  const { config } = openedPage();
  config.getState().change({ seed: 7 });
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('seed=7');
  expect(entries).toEqual([]);
  config.getState().change({ variant: 'standard' });
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('k=standard');
  expect(entries).toHaveLength(1);
});

test('a link that was pasted is opened, not written over, though a change of the page was waiting to be written', async () => {
  const { config, openAt, cursor } = openedPage();
  config.getState().change({ seed: 7 });
  address.hash = '#v=1&k=standard&in=random&seed=9&tick=21';
  // The timer comes before the event.
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('seed=9');
  hashchange();
  // Its mechanism is still loading.
  config.getState().arrange({ table: true });
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('seed=9');
  await vi.waitFor(() => expect(config.getState().experiment).toMatchObject({ variant: 'standard', seed: 9 }));
  expect(openAt).toHaveBeenCalledWith({ tick: 21, step: null });
  expect(cursor.getState().playing).toBe(false);
});

test('a link to another step of the same run moves the cursor, and asks for no place in a later run', async () => {
  const { cursor, openAt, config } = openedPage();
  config.getState().open({ ...DEFAULT_LINK.experiment, input: 'random' }, DEFAULT_ARRANGEMENT, null);
  cursor.getState().load(30, 0, true);
  address.hash = '#v=3&in=random&tick=12';
  hashchange();
  await vi.waitFor(() => expect(cursor.getState()).toMatchObject({ tick: 12, playing: false }));
  expect(openAt).not.toHaveBeenCalled();
});

test('of two links in quick succession the last is opened', async () => {
  const { config } = openedPage();
  address.hash = '#v=1&in=random&seed=3';
  hashchange();
  address.hash = '#v=1&in=random&seed=4';
  hashchange();
  await vi.waitFor(() => expect(config.getState().experiment.seed).toBe(4));
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('seed=4');
});

test('the gallery’s address gives way to the page’s own as soon as that changes', () => {
  address.hash = GALLERY_HASH;
  const { config } = openedPage();
  config.getState().change({ seed: 7 });
  vi.advanceTimersByTime(QUIET_MS);
  expect(address.hash).toContain('seed=7');
});
