// Studies on the page: when they start, what stops them, what becomes of them. The engine answers from a script; what real Sessions hold is
// tested in app/studies/growth.gpu.test.ts.

import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Engine, Experiment as EngineExperiment, PartOptions, Session } from '#gpu/runtime/api.ts';
import type { Study, StudyProgress } from '../../exhibit/study.ts';
import { growthStudy } from '../../studies/growth.ts';
import { createEncoderLoader } from '../run/encoder-loader.ts';
import { createRunController } from '../run-controller.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { createSessionStore, type SessionStore } from '../stores/session-store.ts';
import { ADAPTER, EMPTY_TRACE, ranBy } from '../testing/scripted-engine.ts';

const SIZES = { batch: 2, dim: 6, dstate: 3, deltaRank: 1, width: 2, outDim: 4, seqlen: 8 };
const trace = { ...EMPTY_TRACE, totals: [] };

interface Script {
  /** Before a Session opens. */
  open?(experiment: EngineExperiment, length: number): void;
  /** In the place of a run that is no part of a Session. */
  run?(): Promise<void>;
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
    async run(experiment: EngineExperiment) {
      log.push('run');
      await script.run?.();
      return { outputs: {}, trace, warnings: [], ran: ranBy(experiment) };
    },
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
    loadExhibit: async () => {},
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
  log.length = 0;
  return { log, config, session, controller, open: () => open };
}

/** Where a study of the block stands; undefined where nothing is known of it. */
const progressOf = (session: SessionStore, { id } = growthStudy) => session.getState().studies[`mamba-block ${id}`];

const stands = (session: SessionStore, kind: StudyProgress['kind'] | undefined, study = growthStudy) =>
  vi.waitFor(() => expect(progressOf(session, study)?.kind).toBe(kind), { timeout: 4000 });

/** Waits in the first part that runs, until it is let go or cancelled. */
function gate() {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let open = false;
  const part = async (_length: number, signal?: AbortSignal) => {
    if (open) return;
    const stopped = new Promise<void>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled'))),
    );
    await Promise.race([held, stopped]);
    open = true;
  };
  return { part, release: () => release() };
}

/** Two runs that belong to no recording. */
const copying: Study = {
  id: 'copying',
  label: 'Two runs',
  columns: [{ id: 'at', title: 'Run' }],
  async run(engine, signal, onRow) {
    for (const at of [1, 2]) {
      await engine.run({ mechanism: 'mamba-block', variant: 'fused', config: SIZES }, { signal });
      if (signal.aborted) break;
      onRow({ at }, at / 2);
    }
    return null;
  },
};

test('no Session is opened until a view asks, then one of each mechanism at every length; asking again changes nothing', async () => {
  const { log, session, controller, open } = await setUp();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(log).toEqual([]);
  await controller.study(growthStudy);
  const lengths = [4, 8, 16, 64, 256, 1024, 4096];
  expect(log).toEqual(lengths.flatMap((length) => [`mamba-block ${length}`, `attention ${length}`]));
  expect(open()).toBe(0);
  const found = progressOf(session)!;
  expect(found).toMatchObject({ kind: 'done', share: 1, message: null });
  const keptBy = (id: string) => found.rows.filter(({ mechanism }) => mechanism === id).map(({ kept }) => kept);
  expect(keptBy('mamba-block')).toEqual(lengths.map(() => 30));
  expect(keptBy('attention')).toEqual(lengths.map((length) => 2 * length));
  log.length = 0;
  await controller.study(growthStudy);
  expect(log).toEqual([]);
  expect(progressOf(session)).toBe(found);
  await controller.study(growthStudy, true);
  expect(log).toHaveLength(2 * lengths.length);
  expect(progressOf(session)!.rows).toEqual(found.rows);
});

test('asked for twice it runs once; cancelled, it says so, closes its Session and keeps its rows', async () => {
  const { part, release } = gate();
  const { session, controller, open, log } = await setUp({
    part: (length, signal) => (length > 4 ? part(length, signal) : Promise.resolve()),
  });
  const [first, second] = [controller.study(growthStudy), controller.study(growthStudy, true)];
  await vi.waitFor(() => expect(log.at(-1)).toBe('mamba-block 8'), { timeout: 4000 });
  expect(progressOf(session)).toMatchObject({ kind: 'running', rows: [{ length: 4 }, { length: 4 }] });
  controller.stopStudy(growthStudy);
  await Promise.all([first, second]);
  expect(progressOf(session)).toMatchObject({ kind: 'cancelled', rows: [{ length: 4 }, { length: 4 }] });
  expect(log).toEqual(['mamba-block 4', 'attention 4', 'mamba-block 8']);
  expect(open()).toBe(0);
  release();
  // What was stopped waits for its button.
  await controller.study(growthStudy);
  expect(progressOf(session)!.kind).toBe('cancelled');
});

test('it waits for the page’s own work, also between two runs, and can be stopped while it waits', async () => {
  let hold: Promise<void> | undefined;
  const { session, controller, log } = await setUp({ run: () => hold ?? Promise.resolve() });
  const timing = { kind: 'running', label: 'Timing', since: 0 } as const;
  session.setState({ timing });
  const study = controller.study(copying);
  await stands(session, 'waiting', copying);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(log).toEqual([]);
  let release = () => {};
  hold = new Promise((resolve) => {
    release = resolve;
  });
  session.setState({ timing: { kind: 'done' } });
  await vi.waitFor(() => expect(log).toEqual(['run']), { timeout: 4000 });
  session.setState({ timing });
  release();
  await vi.waitFor(() => expect(progressOf(session, copying)!.rows).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(log).toEqual(['run']);
  controller.stopStudy(copying);
  await study;
  expect(log).toEqual(['run']);
  expect(progressOf(session, copying)).toMatchObject({ kind: 'cancelled', share: 0.5, rows: [{ at: 1 }] });
});

test('other settings end it and drop its rows at once; what is asked for them is new', async () => {
  const { part, release } = gate();
  const { session, controller, config, open } = await setUp({ part });
  const { recording } = session.getState();
  const study = controller.study(growthStudy);
  await vi.waitFor(() => expect(open()).toBe(1), { timeout: 4000 });
  config.getState().changeConfig({ dstate: 2 });
  expect(progressOf(session)).toBeUndefined();
  await study;
  expect(open()).toBe(0);
  await vi.waitFor(() => expect(session.getState().recording).not.toBe(recording));
  release();
  await controller.study(growthStudy);
  expect(progressOf(session)).toMatchObject({ kind: 'done' });
  expect(progressOf(session)!.rows[0]!.sizes).toContain('2 states');
});

test('a result stays where a new run changes nothing that it is of, and goes where it does', async () => {
  const { session, controller, config } = await setUp();
  await controller.study(growthStudy);
  const found = progressOf(session);
  const another = async (change: () => void) => {
    const { recording } = session.getState();
    change();
    await vi.waitFor(() => expect(session.getState().recording).not.toBe(recording));
  };
  await another(() => config.getState().change({ seed: 7 }));
  expect(progressOf(session)).toBe(found);
  await another(() => config.getState().changeConfig({ dstate: 2 }));
  expect(progressOf(session)).toBeUndefined();
});

test('settings that cannot run end it too: nothing is left running', async () => {
  const { part } = gate();
  const { session, controller, config, open } = await setUp({ part });
  const study = controller.study(growthStudy);
  await vi.waitFor(() => expect(open()).toBe(1), { timeout: 4000 });
  config.getState().changeConfig({ dstate: 99 });
  await vi.waitFor(() => expect(session.getState().run.kind).toBe('failed'));
  await study;
  expect(progressOf(session)).toBeUndefined();
  expect(open()).toBe(0);
});

test('what is on screen but stale, or not of this device, is not measured; what belongs to the exhibit alone is', async () => {
  const { log, session, controller } = await setUp();
  session.setState({ stale: true });
  await controller.study(growthStudy, true);
  const { recording } = session.getState();
  session.setState({ stale: false, recording: { ...recording!, device: { ...recording!.device, origin: 'shipped' } } });
  await controller.study(growthStudy, true);
  expect(log).toEqual([]);
  expect(progressOf(session)).toBeUndefined();
  await controller.study(copying);
  expect(log).toEqual(['run', 'run']);
  expect(progressOf(session, copying)).toMatchObject({ kind: 'done', rows: [{ at: 1 }, { at: 2 }] });
});

test('lengths that the device refuses end the rows, and why is kept; refused at once it fails by name', async () => {
  const tooLong = (at: number) => (_: EngineExperiment, length: number) => {
    if (length >= at)
      throw new EngineError('limit-exceeded', 'x is too large', { field: 'x', value: length, limit: at });
  };
  const some = await setUp({ open: tooLong(256) });
  await some.controller.study(growthStudy);
  expect(progressOf(some.session)).toMatchObject({ kind: 'done', message: 'x is too large' });
  expect(progressOf(some.session)!.rows.map(({ length }) => length)).toEqual([4, 4, 8, 8, 16, 16, 64, 64]);
  const none = await setUp({ open: tooLong(1) });
  await none.controller.study(growthStudy);
  expect(progressOf(none.session)).toMatchObject({ kind: 'failed', message: 'x is too large', rows: [] });
});

test('a run that cannot be watched here is refused before the device is asked', async () => {
  const { log, session, controller } = await setUp();
  const config = { ...SIZES, seqlen: 2 ** 26 };
  const long: Study = {
    ...copying,
    async run(engine, signal) {
      await engine.run({ mechanism: 'mamba-block', variant: 'fused', config }, { signal });
      return null;
    },
  };
  await controller.study(long);
  expect(progressOf(session, long)).toMatchObject({ kind: 'failed', message: expect.stringContaining('stops at') });
  expect(log).toEqual([]);
});

test('a device lost under it is opened again and the rows begin anew, once', async () => {
  let losesIn = Number.POSITIVE_INFINITY;
  const { log, session, controller } = await setUp({
    run: async () => {
      losesIn -= 1;
      if (losesIn === 0) throw new EngineError('device-lost', 'the device was lost');
    },
  });
  losesIn = 2;
  await controller.study(copying);
  expect(log).toHaveLength(4);
  expect(progressOf(session, copying)).toMatchObject({ kind: 'done', rows: [{ at: 1 }, { at: 2 }] });
  expect(session.getState().notices.join()).toContain('opened again');
});

test('a step that leaves its output unwritten is an error, not a row', async () => {
  const { session, controller, open } = await setUp({ gives: Number.NaN });
  await controller.study(growthStudy);
  expect(progressOf(session)).toMatchObject({ kind: 'failed', message: expect.stringContaining('no out'), rows: [] });
  expect(open()).toBe(0);
});
