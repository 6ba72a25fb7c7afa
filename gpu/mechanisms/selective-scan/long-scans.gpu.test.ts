// Long scans whose states hardly decay: whatever a step is off by, all later ones carry on.

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Form } from '../../primitives/sequential-scan/reference.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { difference } from '../../testing/difference.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { selectiveScan } from './selective-scan.ts';

const VARIANTS = ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked'];
const [DIM, DSTATE] = [4, 4];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

/** A scan of nothing but the recurrence: Δ as given, and rates of about −`rate`. */
function slowScan(seqlen: number, form: Form, rate: number, held: boolean, seed: number) {
  const flags = { hasD: false, hasZ: false, hasDeltaBias: false, deltaSoftplus: false };
  const raw = { batch: 1, dim: DIM, dstate: DSTATE, seqlen, bForm: form, cForm: form, channels: 4, ...flags };
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(raw), seed);
  const next = uniformStream(seed, 'slow');
  const fill = (name: string, value: () => number) => {
    const { data } = inputs[name]!;
    for (let i = 0; i < data.length; i++) data[i] = value();
  };
  fill('A', () => -rate * (0.5 + next()));
  fill('delta', () => (held ? 1 : 0.1 + 0.9 * next()));
  return { raw, inputs };
}

/** The same by definition, with every operation rounded to float32. */
function inFloat32(seqlen: number, form: Form, inputs: Record<string, Tensor>): Record<string, Float32Array> {
  const round = Math.fround;
  const [out, last] = [new Float32Array(DIM * seqlen), new Float32Array(DIM * DSTATE)];
  const [u, delta, A, B, C] = ['u', 'delta', 'A', 'B', 'C'].map((name) => inputs[name]!.data) as Tensor['data'][];
  for (let d = 0; d < DIM; d++)
    for (let t = 0; t < seqlen; t++) {
      const [step, signal] = [delta![d * seqlen + t]!, u![d * seqlen + t]!];
      for (let n = d * DSTATE; n < (d + 1) * DSTATE; n++) {
        const map = form === 'constant' ? n : (n % DSTATE) * seqlen + t;
        const decay = round(Math.exp(round(step * A![n]!)));
        last[n] = round(decay * last[n]!) + round(round(step * signal) * B![map]!);
        out[d * seqlen + t]! += round(C![map]! * last[n]!);
      }
    }
  return { out, last_state: last };
}

const largest = (data: ArrayLike<number>) => difference(data, new Float32Array(data.length)).maxAbs;

test('slow states of long scans keep the golden rule: at most four times as far off as a float32 loop, or 2e-6 of the largest value', async () => {
  const worst = new Map<string, number>();
  const cases: [number, Form][] = [
    [200, 'constant'],
    [300, 'constant'],
    [1000, 'constant'],
    [2000, 'constant'],
    [2000, 'time'],
  ];
  for (const [seqlen, form] of cases)
    for (const rate of [0.001, 0.01, 0.1]) {
      const held = rate > 0.001;
      const { raw, inputs } = slowScan(seqlen, form, rate, held, 1);
      const exact = selectiveScan.reference(selectiveScan.resolve(raw), inputs);
      const plain = inFloat32(seqlen, form, inputs);
      for (const variant of VARIANTS) {
        const { outputs } = await engine.run({ mechanism: 'selective-scan', variant, config: raw }, { inputs });
        for (const [name, { data }] of Object.entries(exact)) {
          const allowed = Math.max(4 * difference(plain[name]!, data).maxAbs, 2e-6 * largest(data), 1e-7);
          const share = difference(outputs[name]!.data, data).maxAbs / allowed;
          expect(share, `${variant} ${name}: ${seqlen} ${form} ${rate}`).toBeLessThanOrEqual(1);
          worst.set(variant, Math.max(share, worst.get(variant) ?? 0));
        }
      }
    }
  console.log(`of what the golden rule allows: ${[...worst].map(([id, x]) => `${id} ${x.toFixed(2)}`).join(', ')}`);
  expect(worst.size).toBe(VARIANTS.length);
});

test('every variant equals the float64 definition at lengths from 1 to 4,096', async () => {
  const drawn = fc.record({
    seqlen: fc.integer({ min: 1, max: 4096 }),
    form: fc.constantFrom<Form>('time', 'constant'),
    rate: fc.constantFrom(0.001, 0.01, 0.1, 0.5, 1, 4),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  const cases = fc.sample(drawn, { seed: 3, numRuns: 10 });
  let worst = 0;
  for (const [i, { seqlen, form, rate, seed }] of cases.entries()) {
    const length = [1, 2, 4095, 4096][i] ?? seqlen;
    const { raw, inputs } = slowScan(length, form, rate, false, seed);
    for (const variant of VARIANTS) {
      const error = await relativeError(engine, selectiveScan, variant, raw, inputs);
      expect(error, `${variant} ${length} ${form} ${rate} ${seed}`).toBeLessThan(5e-6);
      worst = Math.max(worst, error);
    }
  }
  console.log(`lengths up to 4096: largest relative error ${worst.toExponential(1)}`);
});
