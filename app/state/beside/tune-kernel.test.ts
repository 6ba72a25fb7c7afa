// Tuning as a part of the page's chain: when it starts, what comes of it, what is remembered, and what stops it.

import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import type { Experiment as EngineExperiment } from '#gpu/runtime/api.ts';
import type { Experiment } from '../stores/experiment.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { type SetUpOptions, setUp } from '../testing/scripted-engine.ts';

type Parts = ReturnType<typeof setUp>;

const lanesOf = ({ config }: EngineExperiment) => (config as { tuning?: { LANES?: number } }).tuning?.LANES ?? 8;
/** The more lanes, the faster. */
const byLanes = (experiment: EngineExperiment) => 100 / lanesOf(experiment);

function memory(): Storage & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  } as unknown as Storage & { entries: Map<string, string> };
}

function tunedPage(options: SetUpOptions = {}, config: Experiment['config'] = {}): Parts {
  const parts = setUp({ measure: byLanes, ...options });
  parts.config.setState({
    experiment: {
      ...DEFAULT_EXPERIMENT,
      variant: 'flash-v2-tuned',
      input: 'random',
      config: { nq: 64, nk: 64, headDim: 8, ...config },
    },
  });
  return parts;
}

const until = ({ session }: Parts, what: (state: ReturnType<Parts['session']['getState']>) => boolean) =>
  vi.waitFor(() => expect(what(session.getState())).toBe(true), { timeout: 4000 });
/** Nothing more is going to happen. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

const CANDIDATES = 'measure flash-v2-tuned flash-v2-tuned/LANES=4 flash-v2-tuned/LANES=16 flash-v2-tuned/LANES=32';

test('tuning comes after timing, and what was picked is run, recorded and timed from then on', async () => {
  const storage = memory();
  const page = tunedPage({ storage: () => storage });
  await page.controller.start();
  await until(page, ({ tuned, timing }) => tuned?.from === 'measured' && timing.kind === 'done');
  await quiet();
  expect(page.log).toEqual([
    'run flash-v2-tuned',
    'run standard',
    'parity 64',
    'measure flash-v2-tuned standard',
    CANDIDATES,
    'run flash-v2-tuned/LANES=32',
    'run standard',
    'parity 64',
    'measure flash-v2-tuned/LANES=32 standard',
  ]);
  const { recording, tuned, cost } = page.session.getState();
  expect(recording?.kernels[0]?.wgsl).toMatch(/const LANES: u32 = 32u;/);
  expect(recording?.config).toMatchObject({ form: 'software-quad', tuning: { LANES: 32 } });
  expect(cost?.workgroupBytes).toBe(0);
  expect(tuned).toMatchObject({
    own: { LANES: 8 },
    used: { LANES: 32 },
    candidates: 4,
    kept: true,
    form: { id: 'software-quad', named: false },
    result: { tuning: { LANES: 32 }, failed: [], recalled: false },
  });
  expect(tuned?.result?.trials.map(({ tuning, measurement }) => [tuning.LANES, measurement.medianMs])).toEqual([
    [8, 12.5],
    [4, 25],
    [16, 6.25],
    [32, 3.125],
  ]);
  // The link says nothing of it: it means "as tuned on the device that opens it".
  expect(page.config.getState().experiment.config).not.toHaveProperty('tuning');
});

test('where nothing is faster the kernel’s own values stay, and nothing is run again', async () => {
  const page = tunedPage({ measure: () => 5 });
  await page.controller.start();
  await until(page, ({ tune }) => tune.kind === 'done');
  await quiet();
  expect(page.log.at(-1)).toBe(CANDIDATES);
  expect(page.session.getState().tuned).toMatchObject({ used: { LANES: 8 }, result: { tuning: { LANES: 8 } } });
  page.controller.rerun();
  await until(page, ({ tuned }) => tuned?.from === 'measured');
});

test('a later visit uses what was remembered at once, with the measurements behind it, and measures nothing', async () => {
  const storage = memory();
  const first = tunedPage({ storage: () => storage });
  await first.controller.start();
  await until(first, ({ tuned }) => tuned?.from === 'measured');
  first.controller.dispose();
  expect([...storage.entries.keys()]).toEqual([expect.stringMatching(/^tilescope:tune\|test\//)]);

  const second = tunedPage({ storage: () => storage });
  await second.controller.start();
  await until(second, ({ timing }) => timing.kind === 'done');
  await quiet();
  expect(second.log[0]).toBe('run flash-v2-tuned/LANES=32');
  expect(second.log.filter((entry) => entry.startsWith('measure'))).toHaveLength(1);
  expect(second.session.getState().tuned?.result).toMatchObject({ tuning: { LANES: 32 }, recalled: true });
  expect(second.session.getState().tuned?.result?.trials).toHaveLength(4);
});

test('a store that holds nonsense, or constants that this kernel has not, is as good as an empty one', async () => {
  for (const kept of [
    '{',
    '7',
    '{"tuning":{"LANES":5}}',
    '{"tuning":{"BR":16},"trials":[]}',
    '{"tuning":{"LANES":0}}',
  ]) {
    const storage = memory();
    storage.getItem = () => kept;
    const page = tunedPage({ storage: () => storage });
    await page.controller.start();
    await until(page, ({ recording }) => recording !== null);
    expect(page.log[0], kept).toBe('run flash-v2-tuned');
    page.controller.dispose();
  }
  // Measurements that are not whole are dropped; what was picked is used.
  const storage = memory();
  storage.getItem = () =>
    '{"tuning":{"LANES":16},"trials":[{"tuning":{"LANES":16},"measurement":{"medianMs":"fast"}}]}';
  const page = tunedPage({ storage: () => storage });
  await page.controller.start();
  await until(page, ({ tuned }) => tuned !== null);
  expect(page.session.getState().tuned).toMatchObject({ used: { LANES: 16 }, result: { trials: [] } });
});

test('where storage is denied, for reading or for writing, the result lasts for this visit and that is said', async () => {
  const full = memory();
  full.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  for (const storage of [undefined, () => full]) {
    const page = tunedPage(storage ? { storage } : {});
    await page.controller.start();
    await until(page, ({ tuned }) => tuned?.from === 'measured');
    expect(page.session.getState().tuned).toMatchObject({ kept: false, used: { LANES: 32 } });
    page.controller.rerun();
    await quiet();
    await until(page, ({ run }) => run.kind === 'done');
    expect(page.log.filter((entry) => entry === CANDIDATES)).toHaveLength(1);
  }
});

test('cancelling keeps the run on the stage and remembers nothing; tuning can be asked for again', async () => {
  const storage = memory();
  let hold = true;
  const page = tunedPage({
    storage: () => storage,
    measure: (experiment, signal) =>
      hold && lanesOf(experiment) === 16
        ? new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'cancelled')));
          })
        : byLanes(experiment),
  });
  await page.controller.start();
  await until(page, ({ tune }) => tune.kind === 'running');
  page.controller.cancel('tune');
  await until(page, ({ tune }) => tune.kind === 'cancelled');
  expect(page.session.getState().tuned).toMatchObject({ result: null, used: { LANES: 8 } });
  expect(storage.entries.size).toBe(0);
  hold = false;
  page.controller.tune();
  await until(page, ({ tuned }) => tuned?.from === 'measured');
  expect(storage.entries.size).toBe(1);
});

test('a newer config drops the tuning under way, and its result never comes', async () => {
  const storage = memory();
  let release = () => {};
  let held = 0;
  const page = tunedPage({
    storage: () => storage,
    measure: (experiment) =>
      lanesOf(experiment) === 16 && held++ === 0
        ? new Promise((resolve) => {
            release = () => resolve(1);
          })
        : byLanes(experiment),
  });
  await page.controller.start();
  await until(page, ({ tune }) => tune.kind === 'running');
  page.config.getState().change({ variant: 'flash-v2' });
  await until(page, ({ recording }) => recording?.variant === 'flash-v2');
  release();
  await until(page, ({ timing }) => timing.kind === 'done');
  await quiet();
  expect(page.session.getState()).toMatchObject({ tuned: null, tune: { kind: 'idle' } });
  expect(storage.entries.size).toBe(0);
  expect(page.log.at(-1)).toBe('measure flash-v2 standard');
});

test('tuning again measures again; forgetting goes back to the kernel’s own values and waits to be asked', async () => {
  const storage = memory();
  let best = 32;
  const page = tunedPage({
    storage: () => storage,
    measure: (experiment) => (lanesOf(experiment) === best ? 1 : 5),
  });
  await page.controller.start();
  await until(page, ({ tuned, timing }) => tuned?.used.LANES === 32 && timing.kind === 'done');
  best = 4;
  page.controller.tune();
  await until(page, ({ tuned, timing }) => tuned?.used.LANES === 4 && timing.kind === 'done');
  expect(JSON.parse([...storage.entries.values()][0]!)).toMatchObject({ tuning: { LANES: 4 } });
  page.log.length = 0;
  page.controller.forgetTuning();
  await until(page, ({ tuned, timing }) => tuned?.used.LANES === 8 && timing.kind === 'done');
  await quiet();
  expect(storage.entries.size).toBe(0);
  expect(page.log[0]).toBe('run flash-v2-tuned');
  expect(page.log).not.toContain(CANDIDATES);
  expect(page.session.getState().tuned).toMatchObject({ result: null, from: 'own', startsByItself: false });
});

test('constants that the settings name win over what is remembered, and nothing is measured', async () => {
  const storage = memory();
  const first = tunedPage({ storage: () => storage });
  await first.controller.start();
  await until(first, ({ tuned }) => tuned?.from === 'measured');
  first.config.getState().changeConfig({ form: 'software-quad', tuning: { LANES: 16 } });
  await until(first, ({ tuned, timing }) => tuned?.from === 'settings' && timing.kind === 'done');
  await quiet();
  expect(first.log.filter((entry) => entry === CANDIDATES)).toHaveLength(1);
  const { tuned, recording } = first.session.getState();
  expect(tuned).toMatchObject({ used: { LANES: 16 }, form: { id: 'software-quad', named: true } });
  expect(recording?.kernels[0]?.wgsl).toMatch(/const LANES: u32 = 16u;/);
  first.config.getState().changeConfig({ form: undefined, tuning: undefined });
  await until(first, ({ tuned: facts }) => facts?.used.LANES === 32);
});

test('a candidate that the device refuses is named, and the others are compared', async () => {
  const page = tunedPage({
    measure: (experiment) => {
      if (lanesOf(experiment) === 32) throw new EngineError('compile-failed', 'too many lanes');
      return byLanes(experiment);
    },
  });
  await page.controller.start();
  await until(page, ({ tuned }) => tuned?.from === 'measured');
  expect(page.session.getState().tuned?.result).toMatchObject({ tuning: { LANES: 16 }, failed: [{ LANES: 32 }] });
});

test('an edited kernel is run as it is and not tuned', async () => {
  const page = tunedPage();
  const { config } = page;
  const file = 'flash-v2-tuned-software-quad.wgsl';
  const { tunedForms } = await import('#gpu/mechanisms/attention/tuned-forms.ts');
  config.getState().change({ sources: { [file]: `${tunedForms['software-quad']}\n// mine\n` } });
  await page.controller.start();
  await until(page, ({ timing }) => timing.kind === 'done');
  await quiet();
  expect(page.log).not.toContain(CANDIDATES);
  expect(page.session.getState().tuned).toMatchObject({ edited: [file], startsByItself: false });
});

test('a variant without such constants has nothing to say, and loads nothing for it', async () => {
  const page = setUp();
  await page.controller.start();
  await until(page, ({ timing }) => timing.kind === 'done');
  expect(page.session.getState()).toMatchObject({ tuned: null, tune: { kind: 'idle' } });
});
