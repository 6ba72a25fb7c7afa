// flash-v2-tuned, every form: all constants that autotune may pick against the golden outputs, and what the recorder counts against
// the closed forms.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../index.ts';
import type { Engine } from '../../runtime/api.ts';
import { runGoldens } from '../../testing/golden-runs.ts';
import { attention } from './index.ts';
import { FORMS } from './testing/tuned.ts';
import { tunedCandidates, tunedForms } from './tuned-forms.ts';
import { formFile, TUNED } from './tuned-tiles.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

describe.each(FORMS)('%s', (form) => {
  test('every constant that autotune may pick passes the goldens', async () => {
    const { limits } = engine.adapter;
    // Head dimension and lengths decide the tile; the smallest family with a case of each kind keeps this short.
    const candidates = tunedCandidates({ ...attention.resolve({ headDim: 64 }), form } as never, limits);
    expect(candidates.length).toBeGreaterThanOrEqual(form === 'gpu' ? 10 : 4);
    for (const tuning of candidates) {
      expect(await runGoldens(engine, 'fa_window', TUNED, { form, tuning }), JSON.stringify(tuning)).toBe(3);
    }
  });

  test('runs under the loop guard and the recorder once it is edited', async () => {
    const file = formFile(form);
    const sources = { [file]: `${tunedForms[form]}\n// mine\n` };
    const experiment = { mechanism: 'attention', variant: TUNED, config: { nq: 40, nk: 24, headDim: 8, form } };
    const shipped = await engine.run(experiment);
    const edited = await engine.run({ ...experiment, sources }, { trace: { steps: true } });
    expect(edited.trace!.matchesPlain).toBe(true);
    expect(edited.outputs.out!.data).toEqual(shipped.outputs.out!.data);
  });

  test('the recorder counts what the closed form says, and the traced output is the plain one', async () => {
    for (const config of [
      { heads: 2, nq: 40, nk: 40, headDim: 8, causal: true, form },
      { heads: 2, kvHeads: 1, nq: 64, nk: 32, headDim: 16, form },
      { heads: 1, nq: 21, nk: 37, headDim: 6, windowLeft: 9, softcap: 5, form },
      { batch: 3, heads: 2, nq: 9, nk: 7, headDim: 8, form, seqlensQ: [0, 5, 9], seqlensK: [4, 0, 7] },
    ]) {
      const { trace } = await engine.run(
        { mechanism: 'attention', variant: TUNED, config },
        { trace: { steps: true } },
      );
      expect(trace!.matchesPlain).toBe(true);
      const exact = attention.cost(TUNED, attention.resolve(config), engine.adapter.limits);
      for (const { buffer, loads, stores, loadBytes, storeBytes } of exact.buffers) {
        const recorded = trace!.totals.find((total) => total.buffer === buffer);
        const counted = {
          loads: recorded?.loads ?? 0,
          stores: recorded?.stores ?? 0,
          loadBytes: recorded?.loadBytes ?? 0,
          storeBytes: recorded?.storeBytes ?? 0,
        };
        expect(counted, `${buffer} ${JSON.stringify(config)}`).toEqual({ loads, stores, loadBytes, storeBytes });
      }
      expect(trace!.events.tiles).toBe(exact.events!.tiles);
    }
  });
});
