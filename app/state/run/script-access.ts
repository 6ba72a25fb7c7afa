// What scripts and the console find on the page: the engine and its catalogue.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { loadMechanisms, mechanisms } from '#gpu/mechanisms/registry.ts';
import type { Engine } from '#gpu/runtime/api.ts';

declare global {
  interface Window {
    /** There once the engine is open. */
    tilescope?: { engine: Engine; mechanisms: ReadonlyMap<string, Mechanism> };
  }
}

/**
 * Opens the engine with `window.tilescope` in place. Its mechanisms load once the engine is there, so that the first picture need not share
 * the line with them; where some cannot be had, those that are there have to do, and the map gains the others as they come.
 *
 * @throws what kept the engine from opening
 */
export async function openForScripts(openEngine: () => Promise<Engine>, load = loadMechanisms): Promise<Engine> {
  const engine = await openEngine();
  window.tilescope = { engine, mechanisms: await load().catch(() => mechanisms) };
  return engine;
}
