// What was asked for first may end last: whatever comes late says nothing about what has taken its place.

import { expect, test, vi } from 'vitest';
import { DEFAULT_EXPERIMENT, type Experiment } from './stores/experiment.ts';
import { settled, setUp } from './testing/scripted-engine.ts';

/** A promise and what resolves it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Everything that waits for nothing has happened. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 50));

test('an exhibit that loads late says nothing about the input of the run that took its place', async () => {
  const slow = gate();
  const { log, config, session, controller } = setUp({ loadExhibit: (id) => (id === 'ssd' ? slow.opened : undefined) });
  config.getState().change({ mechanism: 'ssd', variant: 'chunked', config: {}, input: 'file' });
  const starting = controller.start();
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  config.getState().change({ ...DEFAULT_EXPERIMENT, config: { nq: 16, nk: 16, headDim: 8 } });
  await starting;
  await settled(session);
  const note = session.getState().inputNote;
  expect(note).toContain('Random input');
  log.length = 0;
  slow.open();
  await quiet();
  expect(session.getState().inputNote).toBe(note);
  expect(log).toEqual([]);
});

test('a stand-in that ends late does not take the stage from the run that was asked for meanwhile', async () => {
  const slow = gate();
  const { config, session, controller } = setUp({ run: ({ seed }) => (seed === 1 ? slow.opened : Promise.resolve()) });
  const wanted = config.getState().experiment;
  config.getState().change({ config: { nq: 2 ** 20, nk: 2 ** 20, headDim: 8 } });
  await controller.start();
  await vi.waitFor(() => expect(session.getState().comparison.kind).toBe('running'));
  config.getState().change({ ...wanted, seed: 2 });
  await settled(session);
  const { recording } = session.getState();
  slow.open();
  await quiet();
  expect(session.getState().recording).toBe(recording);
  expect(session.getState().inputNote).toBeNull();
});

test('what was timed while a newer run was under way is not shown beside that run', async () => {
  const [run, timing] = [gate(), gate()];
  let wait = false;
  let count = 0;
  const { log, config, session, controller } = setUp({
    run: ({ seed }) => (seed === 2 ? run.opened : Promise.resolve()),
    measure: async () => {
      if (wait) await timing.opened;
      return ++count;
    },
  });
  await controller.start();
  await settled(session);
  wait = true;
  config.getState().change({ seed: 2 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  log.length = 0;
  controller.measure();
  await vi.waitFor(() => expect(log).toEqual(['measure flash-v2 standard']));
  wait = false;
  run.open();
  await vi.waitFor(() => expect(session.getState().timing.kind).toBe('done'));
  const { contestants } = session.getState();
  expect(contestants).toHaveLength(2);
  timing.open();
  await quiet();
  expect(session.getState().contestants).toBe(contestants);
});

test('asking for times again stops what was being timed', async () => {
  const signals: AbortSignal[] = [];
  const slow = gate();
  const { session, controller } = setUp({
    measure: async (_experiment, signal) => {
      if (signal && !signals.includes(signal)) signals.push(signal);
      if (signals.length === 2) await slow.opened;
      return 1;
    },
  });
  await controller.start();
  await settled(session);
  controller.measure();
  await vi.waitFor(() => expect(signals).toHaveLength(2));
  controller.measure();
  await vi.waitFor(() => expect(session.getState().timing.kind).toBe('done'));
  slow.open();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false]);
});

test('a run that ends after a setting has changed is said to be old, though the next one has not begun', async () => {
  const slow = gate();
  const { config, session, controller } = setUp({ run: ({ seed }) => (seed === 2 ? slow.opened : Promise.resolve()) });
  await controller.start();
  await settled(session);
  const first = session.getState().recording;
  config.getState().change({ seed: 2 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  config.getState().change({ seed: 3 });
  slow.open();
  await vi.waitFor(() => expect(session.getState().recording).not.toBe(first));
  expect(session.getState().stale).toBe(true);
  await vi.waitFor(() => expect(session.getState().stale).toBe(false));
});

test('of two files the one that was opened last stays, however long the first one takes to prepare', async () => {
  let isReady = false;
  const { session, controller } = setUp({
    *prepare({ id }) {
      while (id === 'large' && !isReady) yield;
    },
  });
  await controller.start();
  await settled(session);
  const live = session.getState().recording!;
  const fileOf = (id: string) => ({ ...live, id, device: { ...live.device, origin: 'file' as const } });
  const [large, small] = [fileOf('large'), fileOf('small')];
  const showing = controller.show(large);
  await controller.show(small);
  isReady = true;
  await showing;
  expect(session.getState().recording).toBe(small);
  controller.dispose();
});

test('an engine that opens after its page has gone is closed again', async () => {
  const slow = gate();
  const { log, session, controller } = setUp({ opening: slow.opened });
  const starting = controller.start();
  controller.dispose();
  slow.open();
  expect(await starting).toBeNull();
  expect(log).toEqual(['dispose']);
  expect(session.getState().engine.kind).toBe('opening');
});

test('a shipped recording that comes after another one was asked for leaves that one on the stage', async () => {
  const made = setUp();
  await made.controller.start();
  await settled(made.session);
  const live = made.session.getState().recording!;
  const { config, session, controller } = setUp();
  const { experiment } = config.getState();
  const shippedOf = (asked: Experiment) => ({
    ...live,
    id: `seed ${asked.seed}`,
    device: { ...live.device, origin: 'shipped' as const },
  });
  const [first, second, third] = [1, 2, 3].map((seed) => ({ ...experiment, seed })) as [
    Experiment,
    Experiment,
    Experiment,
  ];
  await controller.show(shippedOf(first), first);
  config.getState().change({ seed: 3 });
  await controller.show(shippedOf(third), third);
  await controller.show(shippedOf(second), second);
  expect(session.getState()).toMatchObject({ recording: { id: 'seed 3' }, stale: false });
});

test('a preset that stands in for a link that cannot run can be timed', async () => {
  const { log, config, session, controller } = setUp();
  config.getState().change({ config: { nq: 2 ** 20, nk: 2 ** 20, headDim: 8 } });
  await controller.start();
  await vi.waitFor(() => expect(session.getState().inputNote).toContain('stands in'));
  log.length = 0;
  controller.measure();
  await settled(session);
  expect(log).toEqual(['measure flash-v2']);
});
