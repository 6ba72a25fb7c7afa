// What tunes kernels, remembering in this browser; loaded when it is first needed.

import { loadAutotune } from '../run/open-engine.ts';
import type { Tuner } from './tuner.ts';

export async function loadTuner(): Promise<Tuner> {
  const [{ createTuner }, runtime] = await Promise.all([import('./tuner.ts'), loadAutotune()]);
  return createTuner(
    runtime,
    () => localStorage,
    () => performance.now(),
  );
}
