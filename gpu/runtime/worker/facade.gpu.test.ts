import { afterAll, expect, test } from 'vitest';
import { describeEngine } from '../testing/conformance.ts';
import type { Hook } from '../testing/conformance-worker.ts';
import { EngineFacade, openEngineInWorker } from './facade.ts';

const createWorker = () => new Worker(new URL('../testing/conformance-worker.ts', import.meta.url), { type: 'module' });
const experiment = { mechanism: 'affine', variant: 'direct', config: { n: 1 } };

const opened: EngineFacade[] = [];
afterAll(() => {
  for (const engine of opened) engine.dispose();
});

async function open(): Promise<EngineFacade> {
  const engine = await EngineFacade.open(createWorker);
  opened.push(engine);
  return engine;
}

function send(engine: EngineFacade, hook: Hook, transfer: Transferable[] = []): void {
  engine.worker.postMessage(hook, transfer);
}

describeEngine('the worker’s facade', async () => {
  const engine = await open();
  return {
    engine,
    loseDevice: async () => send(engine, { hook: 'lose' }),
    counts: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        send(engine, { hook: 'counts', port: port2 }, [port2]);
      }),
  };
});

test('a crash of the worker fails what was running; the next call starts another and says so', async () => {
  const engine = await open();
  const session = await engine.open(experiment);
  const running = engine.run({ ...experiment, variant: 'spin', config: { rounds: 100_000, passes: 1_000 } });
  send(engine, { hook: 'crash' });
  await expect(running).rejects.toMatchObject({ code: 'device-lost', message: /crashed on purpose/ });
  await expect(session.run('run')).rejects.toMatchObject({ code: 'device-lost' });
  const run = await engine.run(experiment);
  expect([...run.outputs.y!.data]).toEqual([2]);
  expect(run.warnings.join()).toMatch(/crashed on purpose.*restarted/);
  expect((await engine.run(experiment)).warnings).toEqual([]);
});

test('a worker that is ended without a word fails what was running, and is replaced', async () => {
  const engine = await open();
  const running = engine.run({ ...experiment, variant: 'spin', config: { rounds: 100_000, passes: 1_000 } });
  const failed = expect(running).rejects.toMatchObject({ code: 'device-lost', message: /ended from outside/ });
  await new Promise((resolve) => setTimeout(resolve, 50));
  engine.worker.terminate();
  await failed;
  const run = await engine.run(experiment);
  expect([...run.outputs.y!.data]).toEqual([2]);
  expect(run.warnings.join()).toMatch(/ended from outside.*restarted/);
});

test('a worker that cannot be loaded is an error, not a wait for ever', async () => {
  // A missing path would not do: the development server answers it with the page.
  const gone = URL.createObjectURL(new Blob(['']));
  URL.revokeObjectURL(gone);
  const opening = EngineFacade.open(() => new Worker(gone));
  await expect(opening).rejects.toMatchObject({ code: 'internal' });
});

test('what cannot be cloned is refused as input', async () => {
  const engine = await open();
  await expect(engine.run({ ...experiment, config: { n: () => 1 } })).rejects.toMatchObject({ code: 'bad-input' });
});

test('the page’s own worker starts', async () => {
  const engine = await openEngineInWorker();
  expect(engine.adapter.limits.maxBufferSize).toBeGreaterThan(0);
  engine.dispose();
  await expect(engine.run(experiment)).rejects.toMatchObject({ code: 'disposed' });
});
