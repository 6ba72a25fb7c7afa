// The recorder's price (DESIGN section 4): a traced run of attention at 256×256, d = 32 takes at most three times its plain run
// plus 0.1 s on the same adapter.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../runtime/api.ts';
import { openEngine } from '../runtime/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

for (const variant of ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse']) {
  test(`${variant}: a traced run costs at most 3 × plain + 0.1 s`, async () => {
    const experiment = {
      mechanism: 'attention',
      variant,
      config: { nq: 256, nk: 256, headDim: 32, batch: 1, heads: 1, kvHeads: 1 },
    };
    const time = async (trace: boolean) => {
      const start = performance.now();
      const run = await engine.run(experiment, { trace });
      return { ms: performance.now() - start, run };
    };
    const cold = await time(true);
    await time(false);
    const plain = Math.min((await time(false)).ms, (await time(false)).ms);
    const traced = Math.min((await time(true)).ms, (await time(true)).ms);
    console.log(
      variant,
      'cold',
      cold.ms,
      'plain',
      plain,
      'traced',
      traced,
      cold.run.trace!.steps.length,
      cold.run.trace!.matchesPlain,
      JSON.stringify(cold.run.trace!.totals.map((t) => [t.buffer, t.loads, t.stores])),
    );
    expect(traced).toBeLessThanOrEqual(3 * plain + 100);
  });
}
