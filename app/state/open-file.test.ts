// Two files opened one after the other.

import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { wholeExhibit } from '../exhibit/whole-view.ts';
import { attentionExhibit } from '../mechanisms/attention/exhibit.ts';
import { openFile } from './open-file.ts';
import type { Page } from './page-context.ts';
import { createConfigStore } from './stores/config-store.ts';
import { createSessionStore } from './stores/session-store.ts';

const view = await wholeExhibit(attentionExhibit);

function setUp() {
  const runs: string[] = [];
  const session = createSessionStore();
  const config = createConfigStore(() => 0);
  const page = {
    session,
    config,
    controller: { rerun: () => runs.push(session.getState().file!.name) },
    mechanisms: { getState: () => mechanisms },
    views: { getState: () => new Map([['attention', view]]) },
    loadExhibit: async () => {},
  } as unknown as Page;
  return { page, session, config, runs };
}

/** One query, key and value of eight numbers, all zero; read when `readable` resolves. */
function tensorFile(name: string, readable: Promise<void> = Promise.resolve()): File {
  const names = ['q', 'k', 'v'];
  const of = (i: number) => ({ dtype: 'F32', shape: [1, 8], data_offsets: [32 * i, 32 * i + 32] });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(names.map((each, i) => [each, of(i)]))));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  const file = new File([length, json, new Uint8Array(96)], name);
  const bytes = file.arrayBuffer();
  file.arrayBuffer = () => readable.then(() => bytes);
  return file;
}

test('the one that was opened last stays, however long the first one takes to read', async () => {
  const { page, session, config, runs } = setUp();
  let read = () => {};
  const large = openFile(page, tensorFile('large.safetensors', new Promise((resolve) => (read = resolve))));
  expect(await openFile(page, tensorFile('small.safetensors'))).toBeNull();
  read();
  expect(await large).toBeNull();
  expect(session.getState().file?.name).toBe('small.safetensors');
  expect(config.getState().experiment.input).toBe('file');
  expect(runs).toEqual([]);
  expect(await openFile(page, tensorFile('another.safetensors'))).toBeNull();
  expect(runs).toEqual(['another.safetensors']);
});

test('one that cannot be read is said so, and changes nothing', async () => {
  const { page, session } = setUp();
  expect(await openFile(page, new File(['no tensors'], 'mine.npz'))).toMatch(/mine\.npz/);
  expect(await openFile(page, new File(['no tensors'], 'mine.txt'))).toMatch(/no file this page reads/);
  expect(session.getState().file).toBeNull();
});
