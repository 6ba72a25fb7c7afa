// What a recording costs beside the plain run, on this device: warm at most 3 × + 0.1 s, and at most 2 s where everything is compiled
// first. Prints what it measured.

import { expect, test } from 'vitest';
import type { Engine, Run } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';

const config = { batch: 1, heads: 1, kvHeads: 1, nq: 256, nk: 256, headDim: 32 };
const trace = { steps: true, touches: true, probes: false } as const;
const variants = ['standard', 'flash-v1', 'flash-v2', 'flash-v2-tuned', 'flash-v2-block-sparse'];

async function timed(work: () => Promise<Run>): Promise<{ ms: number; run: Run }> {
  const start = performance.now();
  const run = await work();
  return { ms: performance.now() - start, run };
}

/** An engine whose recorder is loaded: the network is not what is measured. */
async function openWarm(): Promise<Engine> {
  const engine = await openEngine();
  const small = { mechanism: 'attention', variant: 'flash-v2', config: { ...config, nq: 8, nk: 8, headDim: 8 } };
  await engine.run(small, { trace });
  return engine;
}

// First in this file: the browser keeps what it has compiled, so each variant can be cold only once.
test('a traced run with everything to compile takes at most 2 s', async () => {
  const failures: string[] = [];
  for (const variant of variants) {
    const engine = await openWarm();
    const { ms } = await timed(() => engine.run({ mechanism: 'attention', variant, config }, { trace }));
    console.log(`${variant}, 256², d = 32: ${ms.toFixed(0)} ms with compile`);
    if (ms > 2000) failures.push(variant);
    engine.dispose();
  }
  expect(failures).toEqual([]);
});

test('a warm traced run takes at most three plain runs and 0.1 s', async () => {
  const engine = await openWarm();
  const failures: string[] = [];
  for (const variant of variants) {
    const experiment = { mechanism: 'attention', variant, config };
    const best = { plain: Number.POSITIVE_INFINITY, traced: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 6; round++) {
      const plain = await timed(() => engine.run(experiment));
      const traced = await timed(() => engine.run(experiment, { trace }));
      expect(traced.run.trace!.steps.length).toBeGreaterThan(8);
      if (round === 0) continue; // compiles
      best.plain = Math.min(best.plain, plain.ms);
      best.traced = Math.min(best.traced, traced.ms);
    }
    // A traced run is a plain run and a recorded one: both are in its time.
    console.log(`${variant}, 256², d = 32: plain ${best.plain.toFixed(0)} ms, traced ${best.traced.toFixed(0)} ms`);
    if (best.traced > 3 * best.plain + 100) failures.push(variant);
  }
  engine.dispose();
  expect(failures).toEqual([]);
});
