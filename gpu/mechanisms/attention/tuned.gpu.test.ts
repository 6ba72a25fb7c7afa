// flash-v2-tuned: every form that this adapter can run, with its defaults and with every constant autotune may pick, against the
// golden outputs and the float64 reference; what the recorder counts against the closed forms.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { openEngine } from '../../index.ts';
import { chooseForm, type KernelForm } from '../../plan/kernel-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { attention } from './index.ts';
import { difference, goldenFamily, toExperiment, tolerance } from './testing/golden.ts';
import { randomProblem, tuples } from './testing/random-problem.ts';
import { tunedCandidates, tunedForms } from './tuned-forms.ts';
import { formFile, TUNED } from './tuned-tiles.ts';

const FORMS: KernelForm[] = ['gpu', 'software', 'software-quad'];
const FAMILIES: [string, number][] = [
  ['fa_dense', 7],
  ['fa_gqa', 3],
  ['fa_window', 3],
  ['fa_varlen', 4],
];
/** Averages of standard normal values, logsumexps below 10: a few ulp of their size, times the length of a dot product. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

const made = (raw: object, seed = 1) => attention.makeInputs(attention.resolve(raw), seed);

async function run(config: object, inputs: Record<string, Tensor>) {
  return (await engine.run({ mechanism: 'attention', variant: TUNED, config }, { inputs })).outputs;
}

async function expectReference(raw: object, inputs: Record<string, Tensor>) {
  const actual = await run(raw, inputs);
  const expected = attention.reference(attention.resolve(raw, inputs), inputs);
  for (const [name, { data }] of Object.entries(expected)) {
    const { maxAbs, nonfinite } = difference(actual[name]!.data, data);
    expect(nonfinite, `${name} ${JSON.stringify(raw)}`).toBe(0);
    expect(maxAbs, `${name} ${JSON.stringify(raw)}`).toBeLessThanOrEqual(TOLERANCE);
  }
}

/** @returns golden cases that passed */
async function expectGoldens(keys: object, families = FAMILIES): Promise<number> {
  let passed = 0;
  for (const [family, count] of families) {
    const cases = await goldenFamily(family);
    expect(cases.length).toBe(count);
    for (const golden of cases) {
      const { config, inputs } = toExperiment(golden);
      const outputs = await run({ ...config, ...keys }, inputs);
      for (const [name, expected] of Object.entries(golden.outputs)) {
        const { maxAbs, nonfinite } = difference(outputs[name]!.data, expected.data);
        const label = `${golden.id} ${JSON.stringify(keys)} ${name}`;
        expect(nonfinite, label).toBe(0);
        expect(maxAbs, label).toBeLessThanOrEqual(tolerance(expected));
      }
      passed++;
    }
  }
  return passed;
}

test('a software adapter with subgroups of four takes the quad form by itself', () => {
  const { limits, isSoftware } = engine.adapter;
  const expected = !isSoftware ? 'gpu' : limits.subgroupMinSize! >= 4 ? 'software-quad' : 'software';
  expect(chooseForm(undefined, limits)).toBe(expected);
  const { passes } = attention.plan(TUNED, attention.resolve({ headDim: 64 }), limits);
  expect(passes.map(({ kernel }) => kernel)).toEqual([`flash-v2-tuned-${expected}.wgsl`]);
});

describe.each(FORMS)('%s', (form) => {
  test('equals the golden outputs', async () => {
    const passed = await expectGoldens({ form });
    console.log(`${form}: ${passed} golden cases passed`);
    expect(passed).toBe(17);
  });

  test('equals the reference on 36 random problems', async () => {
    const random = uniformStream(7, form);
    for (let round = 0; round < 36; round++) {
      const { br, bc, ...config } = randomProblem(random, tuples[round % tuples.length]!, 'flash-v2');
      await expectReference({ ...config, form }, made(config, round));
    }
  });

  test('equals the reference at small, odd and large head dimensions, and at any number of rows', async () => {
    for (const headDim of [1, 3, 7, 24, 64, 80, 127, 128]) {
      const config = { batch: 2, heads: 2, kvHeads: 1, nq: 19, nk: 21, headDim, causal: headDim % 16 === 0 };
      await expectReference({ ...config, form }, made(config));
    }
    for (const nq of [1, 63, 64, 65]) {
      for (const nk of [1, 15, 16, 17, 67]) {
        const config = { nq, nk, headDim: 8, causal: nq > nk };
        await expectReference({ ...config, form }, made(config));
      }
    }
  });

  test('gives 0 and −∞ where a row sees nothing, and where a sequence is empty', async () => {
    const hidden = { nq: 20, nk: 6, headDim: 8, causal: true, form };
    const { out, lse } = await run(hidden, made(hidden));
    expect(lse!.data.subarray(0, 14).every((value) => value === -Infinity)).toBe(true);
    expect(out!.data.subarray(0, 14 * 8).every((value) => value === 0)).toBe(true);
    for (const headDim of [6, 8]) {
      for (const lengths of [
        { seqlensQ: [0, 5, 9], seqlensK: [4, 0, 7] },
        { seqlensQ: [0, 0, 0], seqlensK: [0, 0, 0] },
      ]) {
        const padded = { batch: 3, heads: 2, nq: 9, nk: 7, headDim, form, ...lengths };
        await expectReference(padded, made(padded));
        const packed = { batch: 3, heads: 2, headDim, packed: true, form, ...lengths };
        await expectReference(packed, made(packed));
      }
    }
  });

  test('is causal exactly: what comes later changes no bit of what came before', async () => {
    const config = { heads: 2, nq: 40, nk: 40, headDim: 8, causal: true, form };
    const inputs = made(config);
    const before = await run(config, inputs);
    for (const token of [1, 15, 16, 39]) {
      const changed = (name: string) => ({
        ...inputs[name]!,
        data: inputs[name]!.data.map((x, index) => (Math.floor(index / 16) >= token ? 3 - x : x)),
      });
      const after = await run(config, { q: changed('q'), k: changed('k'), v: changed('v') });
      expect(after.out!.data.subarray(0, token * 16)).toEqual(before.out!.data.subarray(0, token * 16));
      expect(after.out!.data.subarray(token * 16)).not.toEqual(before.out!.data.subarray(token * 16));
    }
  });

  test('every constant that autotune may pick passes the goldens', async () => {
    const { limits } = engine.adapter;
    // Head dimension and lengths decide the tile; the smallest family with a case of each kind keeps this short.
    const candidates = tunedCandidates({ ...attention.resolve({ headDim: 64 }), form } as never, limits);
    expect(candidates.length).toBeGreaterThanOrEqual(form === 'gpu' ? 10 : 4);
    for (const tuning of candidates) {
      expect(await expectGoldens({ form, tuning }, [['fa_window', 3]]), JSON.stringify(tuning)).toBe(3);
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
