// The order of the chain, what becomes of stale work, and what is said when something cannot run. The engine here answers from a
// script and records nothing: what a recording holds is tested where recordings are made.

import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Experiment as EngineExperiment, RunOptions } from '#gpu/runtime/api.ts';
import { wholeExhibit } from '../exhibit/whole-view.ts';
import { attentionExhibit } from '../mechanisms/attention/exhibit.ts';
import { createEncoderLoader } from './run/encoder-loader.ts';
import { createRunController } from './run-controller.ts';
import { createCursorStore } from './stores/cursor-store.ts';
import { DEFAULT_EXPERIMENT } from './stores/experiment.ts';
import { createSessionStore } from './stores/session-store.ts';
import { settled, setUp } from './testing/scripted-engine.ts';

const wholeAttention = await wholeExhibit(attentionExhibit);

test('the variant on screen runs first, then its companion, then parity, then timing', async () => {
  const { log, session, controller } = setUp();
  await controller.start();
  await settled(session);
  expect(log).toEqual(['run flash-v2', 'run standard', 'parity 16', 'measure flash-v2 standard']);
  const { recording, others, contestants, stale } = session.getState();
  expect(recording?.variant).toBe('flash-v2');
  expect(others.map(({ variant }) => variant)).toEqual(['standard']);
  expect(contestants.map(({ label }) => label)).toEqual(['flash-v2', 'standard']);
  expect(stale).toBe(false);
});

test('changes close together are one run; a compared variant is recorded too', async () => {
  const { log, config, session, controller } = setUp();
  await controller.start();
  await settled(session);
  log.length = 0;
  for (const seed of [2, 3, 4]) config.getState().change({ seed });
  config.getState().change({ compare: 'flash-v1' });
  await vi.waitFor(() => expect(log.at(-1)).toMatch(/^measure/), { timeout: 4000 });
  expect(log).toEqual(['run flash-v2', 'run flash-v1', 'run standard', 'parity 16', 'measure flash-v2 flash-v1']);
});

test('another variant to compare with leaves the run on the stage as it is', async () => {
  const { log, config, session, controller } = setUp();
  await controller.start();
  await settled(session);
  const { recording } = session.getState();
  log.length = 0;
  config.getState().change({ compare: 'flash-v1' });
  expect(session.getState().stale).toBe(false);
  await vi.waitFor(() => expect(log.at(-1)).toMatch(/^measure/), { timeout: 4000 });
  expect(log).toEqual(['run flash-v1', 'run standard', 'measure flash-v2 flash-v1']);
  expect(session.getState().recording).toBe(recording);
  expect(session.getState().others.map(({ variant }) => variant)).toEqual(['flash-v1', 'standard']);
});

test('what is on the stage is said to be old as soon as a setting changes', async () => {
  const { config, session, controller } = setUp();
  await controller.start();
  await settled(session);
  config.getState().changeConfig({ nq: 20 });
  expect(session.getState().stale).toBe(true);
});

test('a newer change stops the stale chain; the old recording stays, marked stale, until the new one is there', async () => {
  let release = () => {};
  const { log, config, session, controller } = setUp({
    run: ({ seed }, signal) =>
      seed === 2
        ? new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled')));
          })
        : seed === 3
          ? new Promise((resolve) => {
              release = resolve;
            })
          : Promise.resolve(),
  });
  await controller.start();
  await settled(session);
  const first = session.getState().recording;
  config.getState().change({ seed: 2 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  expect(session.getState()).toMatchObject({ recording: first, stale: true });
  log.length = 0;
  config.getState().change({ seed: 3 });
  await vi.waitFor(() => expect(log).toEqual(['run flash-v2']));
  expect(session.getState()).toMatchObject({ recording: first, stale: true });
  release();
  release = () => {};
  await vi.waitFor(() => expect(session.getState().recording).not.toBe(first));
  expect(session.getState().stale).toBe(false);
  controller.dispose();
});

test('cancel stops the run and keeps what was there', async () => {
  const { config, session, controller } = setUp({
    run: ({ seed }, signal) =>
      seed === 2
        ? new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled')));
          })
        : Promise.resolve(),
  });
  await controller.start();
  await settled(session);
  const first = session.getState().recording;
  config.getState().change({ seed: 2 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  controller.cancel('run');
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('cancelled'));
  expect(session.getState().recording).toBe(first);
});

test('a config that cannot run is named with field and limit, and nothing is lost', async () => {
  const { config, session, controller } = setUp();
  await controller.start();
  await settled(session);
  const first = session.getState().recording;
  config.getState().changeConfig({ heads: 4, kvHeads: 3 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('failed'));
  expect(session.getState().run).toMatchObject({
    problem: { code: 'bad-config', field: 'kvHeads', value: '3', advice: expect.any(String) },
  });
  expect(session.getState().recording).toBe(first);
  config.getState().undo();
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('done'));
});

test('a link that cannot run leaves no empty stage: the first preset stands in, and the error stays', async () => {
  const { log, config, session, controller } = setUp();
  config.setState({
    experiment: { ...DEFAULT_EXPERIMENT, input: 'random', config: { nq: 2 ** 20, nk: 2 ** 20, headDim: 8 } },
  });
  await controller.start();
  await vi.waitFor(() => expect(session.getState().recording).not.toBeNull());
  expect(session.getState().run).toMatchObject({ kind: 'failed', problem: { code: 'limit-exceeded' } });
  expect(session.getState().inputNote).toContain('stands in');
  expect(log).toHaveLength(1);
});

test('without the sentence encoder random input stands in, and the page says so', async () => {
  const { config, session, controller } = setUp();
  config.setState({ experiment: DEFAULT_EXPERIMENT });
  await controller.start();
  await settled(session);
  expect(session.getState().inputNote).toContain('Random input');
  expect(session.getState().encoder).toMatchObject({ kind: 'failed', problem: { code: 'bad-file' } });
  expect(session.getState().recording?.tokens).toBeUndefined();
});

test('no device: the error has advice, and trying again is possible', async () => {
  const parts = setUp();
  const session = createSessionStore();
  let tries = 0;
  const controller = createRunController({
    config: parts.config,
    session,
    cursor: createCursorStore(),
    mechanisms,
    loadExhibit: async () => {},
    viewOf: () => wholeAttention,
    openEngine: async () => {
      tries += 1;
      throw new EngineError('no-webgpu', 'this browser has no WebGPU');
    },
    loadTuner: async () => Promise.reject(new Error('unused')),
    encoder: createEncoderLoader(
      session,
      async () => Promise.reject(new Error('unused')),
      () => 0,
    ),
    checkParity: async () => [],
    now: () => 0,
    autoplay: () => false,
    linkedPlace: null,
  });
  expect(await controller.start()).toBeNull();
  expect(session.getState().engine).toMatchObject({
    kind: 'failed',
    problem: { code: 'no-webgpu', advice: expect.stringContaining('Chrome') },
  });
  await controller.start();
  expect(tries).toBe(2);
});

test('a masked variant is compared with FlashAttention-2 and standard on the same input, without the mask', async () => {
  const asked: EngineExperiment[] = [];
  const { log, config, session, controller } = setUp({ run: async (experiment) => void asked.push(experiment) });
  config.setState({
    experiment: {
      ...DEFAULT_EXPERIMENT,
      variant: 'flash-v2-block-sparse',
      input: 'random',
      config: { nq: 16, nk: 16, headDim: 8, br: 8, bc: 8, blockmask: [1, 0, 0, 1], blockRows: 8, blockCols: 8 },
    },
  });
  await controller.start();
  await settled(session);
  expect(log.slice(0, 3)).toEqual(['run flash-v2-block-sparse', 'run flash-v2', 'run standard']);
  expect(session.getState().comparison.kind).toBe('done');
  const { recording, others, contestants } = session.getState();
  expect(recording?.without).toBeUndefined();
  expect(recording?.inputs.blockmask?.data).toEqual(Int32Array.of(1, 0, 0, 1));
  for (const other of others) {
    expect(other.without).toEqual(['block mask']);
    for (const name of ['q', 'k', 'v']) expect(other.inputs[name], name).toEqual(recording?.inputs[name]);
  }
  expect(asked.slice(1).every(({ config: keys }) => !Object.hasOwn(keys, 'blockmask'))).toBe(true);
  expect(contestants[1]?.label).toBe('flash-v2 without block mask');
});

test('a recording from a file takes the stage over a live one and ends the run; the next run replaces it', async () => {
  const { config, session, controller } = setUp();
  await controller.start();
  await settled(session);
  const live = session.getState().recording!;
  const file = { ...live, id: 'file-1', device: { ...live.device, origin: 'file' as const } };
  const shipped = { ...live, id: 'shipped', device: { ...live.device, origin: 'shipped' as const } };
  await controller.show(shipped);
  expect(session.getState().recording).toBe(live);
  config.getState().change({ seed: 7 });
  await controller.show(file);
  expect(session.getState()).toMatchObject({ recording: file, stale: false, others: [] });
  await vi.waitFor(() => expect(session.getState().parity.kind).toBe('done'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(session.getState().recording).toBe(file);
  controller.rerun();
  await vi.waitFor(() => expect(session.getState().recording?.device.origin).toBe('this-device'));
});

test('a file’s tensors run where they were opened for, without the settings of seeded inputs; elsewhere random input stands in, and why is said', async () => {
  const given: RunOptions['inputs'][] = [];
  const configs: object[] = [];
  const { session, controller, config } = setUp({
    run: async (experiment, _signal, inputs) => {
      given.push(inputs);
      configs.push(experiment.config);
    },
    reads: { file: { seeded: ['causal'] } },
  });
  const of = { dtype: 'f32' as const, shape: [1, 4, 1, 8], data: new Float32Array(32).fill(0.5) };
  const tensors = { q: of, k: of, v: of };
  session.setState({ file: { name: 'mine.npz', mechanism: 'attention', tensors } });
  config.getState().change({ input: 'file', config: { causal: true } });
  await controller.start();
  await settled(session);
  expect(given[0]).toEqual(tensors);
  expect(configs[0]).toMatchObject({ nq: 4, headDim: 8, causal: false });
  expect(session.getState().inputNote).toBeNull();

  session.setState({ file: { name: 'mine.npz', mechanism: 'ssd', tensors } });
  given.length = 0;
  controller.rerun();
  await vi.waitFor(() => expect(session.getState().inputNote).toContain('mine.npz was opened for another exhibit'));
  await vi.waitFor(() => expect(given.length).toBeGreaterThan(0));
  expect(given[0]).toEqual({});
});
