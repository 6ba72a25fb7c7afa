// What a recording takes on this device where plain and recorded kernel are compiled first: at most 2 s. Prints what it measured. Warm
// ones are held to their price in gpu/wgsl/cost.gpu.test.ts.

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
