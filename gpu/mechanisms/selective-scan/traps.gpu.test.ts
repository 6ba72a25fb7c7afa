// Every trap really fails, by a stated margin against float64, and what mends it does.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { expectRecordedTotals } from '../../testing/recorded-totals.ts';
import { selectiveScan } from './selective-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

/** What a float32 scan may be off by, relative to the largest output; the page's own bound. */
const ALLOWED = 2e-5;

const presetConfig = (id: string) => selectiveScan.presets.find((preset) => preset.id === id)!.config;

interface Errors {
  /** Largest |gpu − float64| among finite values, relative to the largest output. */
  error: number;
  notFinite: number;
  /** Not finite, or off by more than a thousandth of the largest output: what a device makes of ∞ and 0 / 0 is its own affair. */
  lost: number;
  elements: number;
}

/** Errors of `out` of one run; never throws for a value that is no number. */
async function errorsOf(raw: object, variant = 'unfused'): Promise<Errors> {
  const config = selectiveScan.resolve(raw);
  const inputs = selectiveScan.makeInputs(config, 1);
  const { outputs } = await engine.run({ mechanism: 'selective-scan', variant, config: raw }, { inputs });
  const want = selectiveScan.reference(config, inputs).out!.data;
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [error, notFinite, lost] = [0, 0, 0];
  outputs.out!.data.forEach((value, i) => {
    const own = Math.abs(value - want[i]!) / largest;
    if (!(own <= 1e-3)) lost++;
    if (!Number.isFinite(value)) notFinite++;
    else error = Math.max(error, own);
  });
  return { error, notFinite, lost, elements: want.length };
}

const text = ({ error, notFinite, lost, elements }: Errors) =>
  `largest finite error ${error.toExponential(1)}, ${lost} of ${elements} lost, ${notFinite} of them not finite`;

test('dividing by the running product fails once it underflows; the recurrence does not', async () => {
  const preset = presetConfig('trap-quotient');
  const broken = await errorsOf(preset);
  const mended = await errorsOf({ ...preset, trap: 'none' });
  console.log(`quotient: ${text(broken)}; recurrence: ${text(mended)}`);
  // An output is lost as soon as one of its states is.
  expect(broken.lost).toBeGreaterThan(broken.elements / 2);
  expect(mended).toMatchObject({ notFinite: 0 });
  expect(mended.error).toBeLessThan(ALLOWED);
});

test('the quotient is right while no product underflows: the mistake is one of range only', async () => {
  const short = await errorsOf({ ...presetConfig('trap-quotient'), seqlen: 12 });
  expect(short).toMatchObject({ notFinite: 0 });
  expect(short.error).toBeLessThan(ALLOWED);
});

test('a guarded divisor keeps every value finite and loses what is written', async () => {
  const preset = presetConfig('trap-guarded-quotient');
  const broken = await errorsOf(preset);
  console.log(`guarded quotient: ${text(broken)}`);
  expect(broken.notFinite).toBe(0);
  expect(broken.error).toBeGreaterThan(0.1);
});

test('first-order B̄ misses the gate of theorem 1; the exact hold meets it', async () => {
  const preset = presetConfig('trap-first-order');
  const broken = await errorsOf(preset);
  const mended = await errorsOf({ ...preset, trap: 'none' });
  // The gate by itself, from the inputs: h = (1 − g) h + g u with g = sigmoid(delta).
  const config = selectiveScan.resolve(preset);
  const { u, delta } = selectiveScan.makeInputs(config, 1);
  const { seqlen } = config as { seqlen: number };
  const exact = selectiveScan.reference(config, selectiveScan.makeInputs(config, 1)).out!.data;
  let h = 0;
  u!.data.forEach((value, i) => {
    const gate = 1 / (1 + Math.exp(-delta!.data[i]!));
    h = i % seqlen === 0 ? gate * value : (1 - gate) * h + gate * value;
    expect(Math.abs(h - exact[i]!)).toBeLessThan(1e-12);
  });
  console.log(`theorem 1, first order: ${text(broken)}; exact hold: ${text(mended)}`);
  expect(broken.error).toBeGreaterThan(0.1);
  expect(mended.error).toBeLessThan(1e-6);
});

test('(eˣ − 1) / x as it stands loses all digits near 0 and is no number at 0; the series is exact', async () => {
  const preset = presetConfig('trap-naive-hold');
  const broken = await errorsOf(preset);
  const mended = await errorsOf({ ...preset, trap: 'none' });
  console.log(`naive hold: ${text(broken)}; with its series: ${text(mended)}`);
  // The last channel has a state with A = 0.
  expect(broken.lost).toBeGreaterThanOrEqual(broken.elements / 4);
  expect(broken.error).toBeGreaterThan(1e-2);
  expect(mended).toMatchObject({ notFinite: 0 });
  expect(mended.error).toBeLessThan(ALLOWED);
  expect(broken.error).toBeGreaterThan(1000 * mended.error);
});

test('no other variant has a trap, whatever the config says', async () => {
  for (const variant of ['sequential', 'sequential-x4', 'hillis-steele', 'blelloch', 'chunked']) {
    for (const id of ['trap-quotient', 'trap-first-order', 'trap-naive-hold']) {
      const { error, notFinite } = await errorsOf(presetConfig(id), variant);
      expect(notFinite, `${variant} ${id}`).toBe(0);
      expect(error, `${variant} ${id}`).toBeLessThan(ALLOWED);
    }
  }
});

test('a trap moves exactly what the unfused scan moves: every count equals the closed form', async () => {
  const shared = { channels: 4, time: 8, dstate: 3 };
  const usual = [
    { ...shared, batch: 2, dim: 5, seqlen: 21 },
    { ...shared, batch: 1, dim: 6, seqlen: 13, bForm: 'grouped', cForm: 'grouped', groups: 2 },
  ];
  const few = { ...shared, batch: 1, dim: 5, seqlen: 17, bForm: 'constant', mode: 's4', hasD: false, hasZ: false };
  const raws = {
    quotient: [...usual, { ...few, lastState: false }],
    'guarded-quotient': usual,
    'first-order': usual,
    'naive-hold': [...usual, { ...few, lastState: false }],
  };
  // The traced run equals the plain one bit for bit, values that are no numbers included.
  for (const [trap, configs] of Object.entries(raws)) {
    for (const raw of configs) {
      await expectRecordedTotals(engine, selectiveScan, { ...raw, discretization: 'zoh', trap }, 'unfused');
    }
  }
});
