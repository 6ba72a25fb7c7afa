import { afterEach, expect, test, vi } from 'vitest';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { ids } from '#gpu/mechanisms/registry.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import { openForScripts } from './script-access.ts';

afterEach(() => vi.unstubAllGlobals());

const engine = { adapter: {} } as Engine;

test('once the engine is open, scripts find it at the first look, with every mechanism', async () => {
  const page: Partial<Window> = {};
  vi.stubGlobal('window', page);
  expect(await openForScripts(async () => engine)).toBe(engine);
  expect(page.tilescope!.engine).toBe(engine);
  expect([...page.tilescope!.mechanisms.keys()]).toEqual([...ids]);
});

test('a mechanism that cannot be had does not keep the engine from opening', async () => {
  const page: Partial<Window> = {};
  vi.stubGlobal('window', page);
  const gone = async (): Promise<ReadonlyMap<string, Mechanism>> => {
    throw new Error('offline');
  };
  expect(await openForScripts(async () => engine, gone)).toBe(engine);
  expect(page.tilescope).toMatchObject({ engine });
});

test('an engine that does not open is not offered', async () => {
  const page: Partial<Window> = {};
  vi.stubGlobal('window', page);
  const refused = async () => {
    throw new Error('no adapter');
  };
  await expect(openForScripts(refused)).rejects.toThrow('no adapter');
  expect('tilescope' in page).toBe(false);
});
