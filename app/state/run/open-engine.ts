// The one door to the runtime: every engine of the page, and what tunes kernels on one, comes from here.

import type { Engine } from '#gpu/runtime/api.ts';
import { openEngineInWorker } from '#gpu/runtime/worker/facade.ts';

/** The page's engine: in a worker, so that the page never waits for it. */
export const openEngine = (): Promise<Engine> => openEngineInWorker();

/** Chooses the constants of a kernel by measuring; loaded when it is first needed. */
export const loadAutotune = () => import('#gpu/runtime/measure/autotune.ts');
