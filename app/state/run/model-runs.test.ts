import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { tensor } from '#gpu/core/tensor.ts';
import { resolveStack } from '#gpu/model/stack/config.ts';
import type { Engine, Session } from '#gpu/runtime/api.ts';
import { createModelStore, sampleDefaults } from '../stores/model-store.ts';
import { codecOf, createModelRuns, type Prepared } from './model-runs.ts';

const config = resolveStack({
  tokens: { kind: 'characters', vocabulary: 80 },
  width: 8,
  blocks: [],
  readout: { kind: 'next-token', classes: 80 },
  context: 32,
});
const codec = codecOf(config);

/** Finds the character after the last one that it was given the likeliest; slow runs wait for `gate`. */
function deviceOf({ gate, fails }: { gate?: Promise<void>; fails?: Error } = {}) {
  const seen: { part: string; ids: number[] }[] = [];
  let open = 0;
  const session = {
    bytes: { stream: 128 },
    async run(part: string, { inputs, signal }: Parameters<Session['run']>[1] = {}) {
      await gate;
      if (fails) throw fails;
      if (signal?.aborted) throw new EngineError('aborted', 'cancelled');
      const ids = [...inputs!.ids!.data];
      seen.push({ part, ids });
      const logits = new Float32Array(80);
      logits[(ids.at(-1)! + 1) % 80] = 9;
      return { outputs: { logits: tensor('f32', [1, 80], logits) }, warnings: [] };
    },
    dispose: () => {
      open -= 1;
    },
  } as unknown as Session;
  const engine = {
    adapter: { isSoftware: true },
    open: async () => {
      open += 1;
      return session;
    },
    dispose() {},
  } as unknown as Engine;
  return { engine, seen, left: () => open };
}

function placeOf(device: ReturnType<typeof deviceOf>, patch: Partial<typeof sampleDefaults> = {}) {
  const greedy = { temperature: 0, topK: 0, topP: 1 };
  const store = createModelStore({ ...sampleDefaults, prompt: 'ab', most: 3, sampling: greedy, ...patch });
  const prepared: Prepared = { config, codec, from: { kind: 'untrained' } };
  let times = 0;
  const prepare = async () => {
    times += 1;
    return prepared;
  };
  const runs = createModelRuns(store, { openEngine: async () => device.engine, prepare });
  return { store, runs, prepared: () => times };
}

const textOf = (tokens: readonly { text: string }[]) => tokens.map(({ text }) => text).join('');

test('every letter has a token where nobody trained an alphabet', () => {
  expect(codec.encode('Call me Ishmael, the 1st: "yes?" (no!)')).toMatchObject({ unknown: [] });
});

test('the prompt goes in at once, then one token at a time; each has what was likely after it, and its time', async () => {
  const device = deviceOf();
  const { store, runs } = placeOf(device);
  await runs.make();
  const { tokens, work, bytes } = store.getState();
  expect(textOf(tokens)).toBe('abcde');
  expect(tokens.map(({ given }) => given)).toEqual([true, true, false, false, false]);
  expect(device.seen.map(({ part, ids }) => [part, ids.length])).toEqual([
    ['prefill', 2],
    ['step', 1],
    ['step', 1],
    ['step', 1],
  ]);
  expect(tokens[1]!.choices[0]).toMatchObject({ id: codec.encode('c').ids[0] });
  expect(tokens.slice(1).every(({ ms }) => ms !== null && ms >= 0)).toBe(true);
  expect([work.kind, bytes]).toEqual(['idle', { stream: 128 }]);
});

test('one Session serves until stack, preset or seed change, and is then given back', async () => {
  const device = deviceOf();
  const { store, runs, prepared } = placeOf(device);
  await runs.make();
  store.getState().change({ prompt: 'xy' });
  await runs.make();
  expect(prepared()).toBe(1);
  store.getState().change({ seed: 2 });
  await runs.make();
  expect([prepared(), device.left()]).toEqual([2, 1]);
  runs.dispose();
  expect(device.left()).toBe(0);
});

test('the context ends the text; a prompt that is too long or empty is refused by name, and the text stays', async () => {
  const { store, runs } = placeOf(deviceOf(), { most: 100 });
  await runs.make();
  expect(store.getState().tokens.length).toBe(32);
  for (const [prompt, message] of [
    ['a'.repeat(32), /32 tokens; with room for 32/],
    ['', /no character/],
  ] as const) {
    store.getState().change({ prompt });
    await runs.make();
    expect(store.getState().work).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(message),
      field: 'prompt',
    });
    expect(store.getState().tokens.length).toBe(32);
  }
});

test('cancelled, it is idle at once and nothing comes after; a fault is told, and the next run goes', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { store, runs } = placeOf(deviceOf({ gate }));
  const making = runs.make();
  await new Promise((resolve) => setTimeout(resolve));
  runs.cancel();
  expect(store.getState().work.kind).toBe('idle');
  open();
  await making;
  expect(store.getState().work.kind).toBe('idle');
  expect(store.getState().tokens.filter(({ given }) => !given)).toEqual([]);
  const broken = placeOf(deviceOf({ fails: new EngineError('device-lost', 'the device was lost') }));
  await broken.runs.make();
  expect(broken.store.getState().work).toMatchObject({ kind: 'failed', message: 'the device was lost' });
});
