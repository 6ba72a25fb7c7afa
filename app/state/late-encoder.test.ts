// A sentence's run while its encoder loads: what compiles meanwhile, what stands in, and what becomes of both when the encoder comes.

import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { SentenceEncoder } from '#gpu/model/sentence-encoder/load.ts';
import type { Run, RunOptions } from '#gpu/runtime/api.ts';
import { DEFAULT_EXPERIMENT } from './stores/experiment.ts';
import { type SetUpOptions, settled, setUp } from './testing/scripted-engine.ts';

const LENGTH = 3;
/** q, k and v of a sentence of LENGTH tokens, all of one value. */
const encodedAs = (value: number): Run['outputs'] =>
  Object.fromEntries(
    ['q', 'k', 'v'].map((name) => [
      name,
      { dtype: 'f32' as const, shape: [1, LENGTH, 1, 8], data: new Float32Array(LENGTH * 8).fill(value) },
    ]),
  );
const SHIPPED = encodedAs(1);
const OWN = encodedAs(2);
const ENCODER = {
  tokenize: () => Array.from({ length: LENGTH }, (_, id) => ({ id, text: `t${id}` })),
  weights: {},
} as unknown as SentenceEncoder;

/** A page whose sentence encoder loads until it `comes` or `fails`; `shipped` is what came with the page for its sentence. */
async function loadingEncoder(options: Pick<SetUpOptions, 'run' | 'warnings' | 'now'> = {}) {
  const made = setUp();
  await made.controller.start();
  await settled(made.session);
  const live = made.session.getState().recording!;
  const shipped = {
    ...live,
    id: 'shipped',
    inputs: SHIPPED,
    tokens: { query: ['a', 'b', 'c'], key: ['a', 'b', 'c'] },
    device: { ...live.device, origin: 'shipped' as const },
  };
  const asked: RunOptions['inputs'][] = [];
  let comes = () => {};
  let fails = () => {};
  const parts = setUp({
    ...options,
    encoded: OWN,
    run: async (experiment, signal, inputs) => {
      asked.push(inputs);
      await options.run?.(experiment, signal, inputs);
    },
    fetchEncoder: () =>
      new Promise((resolve, reject) => {
        comes = () => resolve(ENCODER);
        fails = () => reject(new EngineError('bad-file', 'cut short'));
      }),
  });
  parts.config.setState({ experiment: DEFAULT_EXPERIMENT });
  const isLoading = () => vi.waitFor(() => expect(parts.session.getState().encoder.kind).toBe('running'));
  return { ...parts, shipped, asked, isLoading, comes: () => comes(), fails: () => fails() };
}

test('while the sentence encoder loads, the kernel on the stage compiles by a run that nobody sees', async () => {
  const { log, session, controller, shipped, asked, isLoading, comes } = await loadingEncoder();
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(log).toEqual(['run flash-v2']));
  await isLoading();
  expect(session.getState()).toMatchObject({ recording: shipped, run: { kind: 'running' }, others: [] });
  comes();
  await settled(session);
  expect(log.slice(0, 4)).toEqual(['run flash-v2', 'open sentence-encoder', 'run flash-v2', 'run standard']);
  expect(asked.slice(0, 2)).toEqual([SHIPPED, OWN]);
  const { recording, inputNote } = session.getState();
  expect(recording).toMatchObject({ id: 'live-1', inputs: OWN, tokens: { query: ['t0', 't1', 't2'] } });
  expect(inputNote).toBeNull();
});

test.each(['comes', 'fails'] as const)(
  'a late encoder that then %s: until then the shipped q, k and v of this very sentence stand in, and the page says so',
  async (ends) => {
    const parts = await loadingEncoder();
    const { session, controller, shipped } = parts;
    await controller.show(shipped, DEFAULT_EXPERIMENT);
    await controller.start();
    await vi.waitFor(() => expect(session.getState().recording).not.toBe(shipped), { timeout: 3000 });
    expect(session.getState().recording).toMatchObject({ inputs: SHIPPED, tokens: shipped.tokens });
    expect(session.getState().inputNote).toMatch(/shipped recording of this sentence stand in until/);
    await settled(session);
    parts[ends]();
    if (ends === 'comes') await vi.waitFor(() => expect(session.getState().recording?.inputs).toEqual(OWN));
    else await vi.waitFor(() => expect(session.getState().inputNote).toMatch(/could not be loaded.*shipped/));
    controller.dispose();
  },
);

test('an encoder that comes after all leaves a file on the stage, and does not run another sentence twice', async () => {
  const { log, config, session, controller, shipped, comes } = await loadingEncoder();
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(session.getState().recording).not.toBe(shipped), { timeout: 3000 });
  await settled(session);
  config.getState().change({ text: 'Something else' });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('running'));
  log.length = 0;
  comes();
  await settled(session);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(log.filter((call) => call.startsWith('open'))).toHaveLength(1);
  controller.dispose();

  const other = await loadingEncoder();
  await other.controller.show(other.shipped, DEFAULT_EXPERIMENT);
  await other.controller.start();
  await vi.waitFor(() => expect(other.session.getState().recording).not.toBe(other.shipped), { timeout: 3000 });
  const file = { ...other.shipped, id: 'file', device: { ...other.shipped.device, origin: 'file' as const } };
  await other.controller.show(file);
  other.comes();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(other.session.getState().recording).toBe(file);
  other.controller.dispose();
}, 10_000);

test('cancelling while the encoder loads is answered at once, and the shipped recording of this link is not old', async () => {
  const { session, controller, shipped, isLoading, comes, log } = await loadingEncoder();
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await isLoading();
  expect(session.getState().stale).toBe(false);
  controller.cancel('run');
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('cancelled'), { timeout: 100 });
  expect(session.getState()).toMatchObject({ recording: shipped, stale: false });
  comes();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(log).not.toContain('open sentence-encoder');
  controller.rerun();
  await settled(session);
  expect(session.getState().recording?.inputs).toEqual(OWN);
});

test('other settings than those of the shipped recording make it old', async () => {
  const { config, session, controller, shipped, isLoading } = await loadingEncoder();
  config.setState({ experiment: { ...DEFAULT_EXPERIMENT, config: { ...DEFAULT_EXPERIMENT.config, causal: true } } });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await isLoading();
  expect(session.getState()).toMatchObject({ recording: shipped, stale: true });
  controller.dispose();
});

test('a run that was cancelled does not come back with the encoder', async () => {
  const { session, controller, shipped, comes, asked } = await loadingEncoder({
    run: (_experiment, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled')));
      }),
  });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(session.getState().inputNote).toContain('stand in until'), { timeout: 3000 });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  controller.cancel('run');
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('cancelled'));
  comes();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(session.getState()).toMatchObject({ run: { kind: 'cancelled' }, recording: shipped });
  expect(asked).toHaveLength(2);
});

test('a change of the settings ends the unseen run', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const { config, controller, shipped } = await loadingEncoder({
    run: async (_experiment, signal) => {
      signals.push(signal);
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  config.getState().changeConfig({ causal: true });
  await vi.waitFor(() => expect(signals).toHaveLength(2));
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  controller.dispose();
});

test('what the unseen run had to say, the shown one says; a device lost under it is noticed', async () => {
  let runs = 0;
  const { session, controller, shipped, comes } = await loadingEncoder({
    run: async () => {
      runs += 1;
      if (runs === 1) throw new EngineError('device-lost', 'the GPU device was lost');
    },
    warnings: () => (runs === 2 ? ['the GPU device was lost (unplugged) and has been reopened'] : []),
  });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(runs).toBe(2));
  expect(session.getState().notices.join()).toMatch(/device was lost.*run again/);
  comes();
  await settled(session);
  expect(session.getState().recording?.warnings.join()).toMatch(/unplugged.*reopened/);
  expect(session.getState().others.flatMap(({ warnings }) => warnings ?? [])).toEqual([]);
});

test('timing starts by itself after a short run, however long its encoder took to load; after a long run it waits', async () => {
  for (const { loads, runs, times } of [
    { loads: 60_000, runs: 100, times: true },
    { loads: 0, runs: 60_000, times: false },
  ]) {
    let clock = 0;
    const { log, session, controller, shipped, comes, isLoading } = await loadingEncoder({
      now: () => clock,
      run: async () => {
        clock += runs;
      },
    });
    await controller.show(shipped, DEFAULT_EXPERIMENT);
    await controller.start();
    await isLoading();
    clock += loads;
    comes();
    await vi.waitFor(() => expect(session.getState().parity.kind).toBe('done'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(log.some((call) => call.startsWith('measure'))).toBe(times);
    controller.dispose();
  }
});

test('another sentence than the shipped one does not get its q, k and v', async () => {
  const { config, log, session, controller, shipped, asked, isLoading, fails } = await loadingEncoder();
  config.setState({ experiment: { ...DEFAULT_EXPERIMENT, text: 'Something else' } });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await isLoading();
  expect(log).toEqual([]);
  fails();
  await settled(session);
  expect(session.getState().inputNote).toContain('Random input');
  expect(asked[0]!.q).not.toEqual(SHIPPED.q);
});

test('the failure of the run that nobody sees is told by the run that is shown, and only there', async () => {
  const { log, session, controller, shipped, comes } = await loadingEncoder({
    run: async () => {
      throw new EngineError('out-of-memory', 'no room');
    },
  });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await vi.waitFor(() => expect(log).toEqual(['run flash-v2']));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(session.getState()).toMatchObject({ recording: shipped, run: { kind: 'running' }, notices: [] });
  comes();
  await vi.waitFor(() =>
    expect(session.getState().run).toMatchObject({ kind: 'failed', problem: { code: 'out-of-memory' } }),
  );
});

test('an edited kernel does not run unseen', async () => {
  const { wgsl } = mechanisms.get('attention')!.variants.find(({ id }) => id === 'flash-v2')!.kernels[0]!;
  const { log, config, session, controller, shipped, isLoading, comes } = await loadingEncoder();
  config.setState({ experiment: { ...DEFAULT_EXPERIMENT, sources: { 'flash-v2.wgsl': `${wgsl}\n// mine` } } });
  await controller.show(shipped, DEFAULT_EXPERIMENT);
  await controller.start();
  await isLoading();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(log).toEqual([]);
  comes();
  await settled(session);
  expect(log.slice(0, 2)).toEqual(['open sentence-encoder', 'run flash-v2']);
});
