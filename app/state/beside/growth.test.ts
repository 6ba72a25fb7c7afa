// Growth as a stage of the page: when it starts, what stops it, what becomes of it. The Sessions answer from a script; that real ones hold
// what is said of them is tested in growth.gpu.test.ts.

import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Engine, Experiment as EngineExperiment, PartOptions, Session } from '#gpu/runtime/api.ts';
import { createEncoderLoader } from '../run/encoder-loader.ts';
import { createRunController } from '../run-controller.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { createSessionStore } from '../stores/session-store.ts';
import { ADAPTER, EMPTY_TRACE } from '../testing/scripted-engine.ts';

const SIZES = { batch: 2, dim: 6, dstate: 3, deltaRank: 1, width: 2, outDim: 4, seqlen: 8 };
const trace = { ...EMPTY_TRACE, totals: [] };

interface Script {
  /** Before a Session opens. */
  open?(experiment: EngineExperiment, length: number): void;
  /** In the place of a part's run. */
  part?(length: number, signal: AbortSignal | undefined): Promise<void>;
  /** First number that a step gives. */
  gives?: number;
}

async function setUp(script: Script = {}) {
  const log: string[] = [];
  let open = 0;
  const config = createConfigStore(() => 0);
  const session = createSessionStore();
  config.setState({
    experiment: { ...DEFAULT_EXPERIMENT, mechanism: 'mamba-block', variant: 'fused', input: 'random', config: SIZES },
  });
  const engine = {
    adapter: ADAPTER,
    run: async () => ({ outputs: {}, trace, warnings: [] }),
    async open(experiment: EngineExperiment): Promise<Session> {
      const { seqlen, nk } = experiment.config as { seqlen?: number; nk?: number };
      const length = seqlen ?? nk!;
      script.open?.(experiment, length);
      log.push(`${experiment.mechanism} ${length}`);
      open += 1;
      return {
        bytes: { conv_state: 10, ssm_state: 20, k: length, v: length },
        async run(_part: string, { signal }: PartOptions = {}) {
          await script.part?.(length, signal);
          if (signal?.aborted) throw new EngineError('aborted', 'cancelled');
          const out = { dtype: 'f32' as const, shape: [1], data: Float32Array.of(script.gives ?? 1) };
          return { outputs: { out }, trace, warnings: [] };
        },
        dispose: () => {
          open -= 1;
        },
      } as unknown as Session;
    },
    measure: async () => [],
    dispose: () => {},
  } as unknown as Engine;
  const controller = createRunController({
    config,
    session,
    cursor: createCursorStore(),
    mechanisms,
    viewOf: () => undefined,
    openEngine: async () => engine,
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
  await controller.start();
  await vi.waitFor(() => expect(session.getState().timing.kind).toBe('done'), { timeout: 4000 });
  return { log, config, session, controller, open: () => open };
}

const growthKind = (session: ReturnType<typeof createSessionStore>, kind: string) =>
  vi.waitFor(() => expect(session.getState().growth.kind).toBe(kind), { timeout: 4000 });

/** Waits in the first part that runs, until it is let go or cancelled. */
function gate() {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const part = (_length: number, signal?: AbortSignal) =>
    Promise.race([
      held,
      new Promise<void>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled'))),
      ),
    ]);
  return { part, release: () => release() };
}

test('no Session is opened until a view asks, then one of each mechanism at every length; asking again changes nothing', async () => {
  const { log, session, controller, open } = await setUp();
  expect(log).toEqual([]);
  await controller.grow();
  await growthKind(session, 'done');
  const lengths = [4, 8, 16, 64, 256, 1024, 4096];
  expect(log).toEqual(lengths.flatMap((length) => [`mamba-block ${length}`, `attention ${length}`]));
  expect(open()).toBe(0);
  const { grown, recording } = session.getState();
  expect(grown).toMatchObject({ recording: recording!.id, width: 4, length: 8, stopped: null });
  expect(grown!.series.map(({ points }) => points.map(({ kept }) => kept))).toEqual([
    lengths.map(() => 30),
    lengths.map((length) => 2 * length),
  ]);
  log.length = 0;
  await controller.grow();
  expect(session.getState().growth.kind).toBe('done');
  expect(log).toEqual([]);
  await controller.grow(true);
  await vi.waitFor(() => expect(log).toHaveLength(2 * lengths.length));
  await growthKind(session, 'done');
  expect(session.getState().grown).not.toBe(grown);
});

test('cancelled, it says so, closes its Session and keeps the result before', async () => {
  const { part, release } = gate();
  let holds = false;
  const { session, controller, open } = await setUp({ part: (...of) => (holds ? part(...of) : Promise.resolve()) });
  await controller.grow();
  await growthKind(session, 'done');
  const { grown } = session.getState();
  holds = true;
  await controller.grow(true);
  await vi.waitFor(() => expect(open()).toBe(1));
  expect(session.getState().growth).toMatchObject({ kind: 'running', label: expect.stringContaining('Session') });
  controller.cancel('growth');
  await growthKind(session, 'cancelled');
  expect(session.getState().grown).toBe(grown);
  expect(open()).toBe(0);
  release();
});

test('a newer config stops it and drops what it still had to say; the result before stays until the next', async () => {
  const { part, release } = gate();
  let holds = false;
  const parts = await setUp({ part: (...of) => (holds ? part(...of) : Promise.resolve()) });
  const { session, controller, config, open } = parts;
  await controller.grow();
  await growthKind(session, 'done');
  const { grown, recording } = session.getState();
  holds = true;
  await controller.grow(true);
  await vi.waitFor(() => expect(open()).toBe(1));
  config.getState().changeConfig({ dstate: 2 });
  await vi.waitFor(() => expect(session.getState().recording).not.toBe(recording));
  expect(open()).toBe(0);
  expect(session.getState()).toMatchObject({ grown, growth: { kind: 'idle' } });
  holds = false;
  release();
  await controller.grow();
  await growthKind(session, 'done');
  expect(session.getState().grown!.recording).toBe(session.getState().recording!.id);
});

test('a newer config that cannot run ends it too: nothing is left running', async () => {
  const { part } = gate();
  const { session, controller, config, open } = await setUp({ part });
  await controller.grow();
  await vi.waitFor(() => expect(open()).toBe(1));
  config.getState().changeConfig({ dstate: 99 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('failed'));
  expect(session.getState().growth.kind).toBe('idle');
  expect(open()).toBe(0);
});

test('what is on screen but stale, or not of this device, is not measured', async () => {
  const { log, session, controller } = await setUp();
  session.setState({ stale: true });
  await controller.grow();
  session.setState({ stale: false });
  const { recording } = session.getState();
  session.setState({ recording: { ...recording!, config: { ...recording!.config } } });
  await controller.grow(true);
  expect(log).toEqual([]);
  expect(session.getState().growth.kind).toBe('idle');
});

test('lengths that the device refuses end the series, and why is kept; refused at once it fails by name', async () => {
  const tooLong = (at: number) => (_: EngineExperiment, length: number) => {
    if (length >= at)
      throw new EngineError('limit-exceeded', 'x is too large', { field: 'x', value: length, limit: at });
  };
  const some = await setUp({ open: tooLong(256) });
  await some.controller.grow();
  await growthKind(some.session, 'done');
  const { series, stopped } = some.session.getState().grown!;
  expect(series.map(({ points }) => points.map(({ length }) => length))).toEqual([
    [4, 8, 16, 64],
    [4, 8, 16, 64],
  ]);
  expect(stopped).toBe('x is too large');
  const none = await setUp({ open: tooLong(1) });
  await none.controller.grow();
  await growthKind(none.session, 'failed');
  expect(none.session.getState().growth).toMatchObject({ problem: { code: 'limit-exceeded', field: 'x' } });
});

test('a step that leaves its output unwritten is an error, not a point', async () => {
  const { session, controller, open } = await setUp({ gives: Number.NaN });
  await controller.grow();
  await growthKind(session, 'failed');
  expect(session.getState().growth).toMatchObject({ problem: { message: expect.stringContaining('no out') } });
  expect(session.getState().grown).toBeNull();
  expect(open()).toBe(0);
});
