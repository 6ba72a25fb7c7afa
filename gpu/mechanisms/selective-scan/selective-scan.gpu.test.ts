// Properties of the scan's variants on the GPU: fuzz against float64, agreement, poison, S4 mode, limits.

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { selectiveScan } from './selective-scan.ts';

const VARIANTS = ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked'];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const errorOf = (variant: string, raw: object, inputs?: Record<string, Tensor>) =>
  relativeError(engine, selectiveScan, variant, raw, inputs);

/** What presets and most tests here bake into kernels: compiled once for all of them. */
const USUAL = { dstate: 4, channels: 4, time: 8, scan: 64, bForm: 'time', cForm: 'time', discretization: 'euler' };

const flags = (hasD: boolean, hasZ: boolean, hasDeltaBias: boolean, lastState: boolean) => ({
  hasD,
  hasZ,
  hasDeltaBias,
  lastState,
});

/** Compiling takes the time, so few tuples of what is baked: of every flag both values, states that fill quads and states that do not. */
const BAKED = [
  { dstate: 4, bForm: 'grouped', cForm: 'time', discretization: 'euler', ...flags(true, true, true, true) },
  { dstate: 1, bForm: 'constant', cForm: 'grouped', discretization: 'zoh', ...flags(true, false, false, false) },
  { dstate: 17, bForm: 'time', cForm: 'constant', discretization: 'zoh', ...flags(false, true, true, true) },
  { dstate: 32, bForm: 'grouped', cForm: 'constant', discretization: 'euler', ...flags(false, false, false, true) },
  { dstate: 3, bForm: 'constant', cForm: 'constant', discretization: 'zoh', ...flags(false, true, false, false) },
];
/** Of every variant three, each flag both ways; where states stand in registers, all 32 of them. */
const BAKED_OF: Record<string, number[]> = {
  sequential: [0, 1, 3],
  'sequential-x4': [1, 2, 3],
  unfused: [0, 3, 4],
  'hillis-steele': [0, 1, 2],
  blelloch: [0, 1, 2],
  chunked: [0, 1, 3],
};

/** Lengths 1 … 600, and chunks, channels and groups, none of which needs another kernel. */
const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  groupDim: fc.integer({ min: 1, max: 7 }),
  groups: fc.integer({ min: 1, max: 2 }),
  seqlen: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 600)),
  chunk: fc.constantFrom(1, 3, 8, 16, 64, 100, 700),
  mode: fc.constantFrom('s6', 's6', 's4'),
});

test('every variant is compiled for both values of every flag, with B and C per channel and not', () => {
  for (const variant of VARIANTS) {
    const tuples = BAKED_OF[variant]!.map((index) => BAKED[index]!);
    for (const name of ['hasD', 'hasZ', 'hasDeltaBias', 'lastState', 'discretization'] as const) {
      expect(new Set(tuples.map((baked) => baked[name])).size, `${variant} ${name}`).toBe(2);
    }
    for (const name of ['bForm', 'cForm'] as const) {
      const perChannel = new Set(tuples.map((baked) => baked[name] === 'constant'));
      if (variant !== 'sequential-x4') expect(perChannel.size, `${variant} ${name}`).toBe(2);
    }
  }
});

test('every variant equals the float64 definition over lengths, states, chunks, forms and flags', async () => {
  const drawn = fc.sample(sizes, { seed: 7, numRuns: 30 });
  let runs = 0;
  let worst = 0;
  for (const variant of VARIANTS) {
    for (const [i, { groupDim, groups, ...rest }] of drawn.entries()) {
      let baked = BAKED[BAKED_OF[variant]![i % 3]!]!;
      // Values per channel are not shared by the channels of a lane: that is the kernel of `sequential`.
      if (variant === 'sequential-x4') baked = { ...baked, bForm: 'time', cForm: 'grouped' };
      const grouped = baked.bForm === 'grouped' || baked.cForm === 'grouped';
      const raw = {
        ...rest,
        ...baked,
        dim: groupDim * (grouped ? groups : 1),
        ...(grouped && { groups }),
        channels: 4,
        time: 8,
        scan: 64,
      };
      const error = await errorOf(variant, raw);
      worst = Math.max(worst, error);
      expect(error, `${variant} ${JSON.stringify(raw)}`).toBeLessThan(5e-6);
      runs++;
    }
  }
  console.log(`fuzz: ${runs} runs over ${drawn.length} sizes, largest relative error ${worst.toExponential(1)}`);
  expect(runs).toBe(180);
});

test('every chunk size gives the same result, down to one step a chunk', async () => {
  for (const chunk of [1, 2, 63, 64, 65, 200, 1000]) {
    const config = { ...USUAL, batch: 1, dim: 5, seqlen: 200, chunk };
    expect(await errorOf('chunked', config), `chunk ${chunk}`).toBeLessThan(2e-5);
  }
});

test('every scan width gives the same result', async () => {
  for (const scan of [8, 64, 256]) {
    for (const variant of ['hillis-steele', 'blelloch']) {
      const config = { ...USUAL, batch: 1, dim: 3, seqlen: 130, scan };
      expect(await errorOf(variant, config), `${variant} ${scan}`).toBeLessThan(2e-5);
    }
  }
});

test('zero-order hold stays exact when A goes to 0', async () => {
  const raw = { ...USUAL, batch: 1, dim: 4, seqlen: 40, discretization: 'zoh' };
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(raw), 3);
  // 0, nearly 0, either side of the switch to the series, and ordinary.
  inputs.A!.data.set([0, -1e-7, -1e-4, -0.3, -0.35, -0.36, -0.6, -1, -2, 0, -1e-20, -5, -20, -0.01, -0.1, -0.2]);
  for (const variant of VARIANTS) expect(await errorOf(variant, raw, inputs), variant).toBeLessThan(1e-6);
});

/** Inputs of which softplus is all that can be wrong: no bias, no skip, and one gate. */
function softplusInputs(raw: object): Record<'delta' | 'D' | 'z' | 'delta_bias', Tensor> & Record<string, Tensor> {
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(raw), 3) as ReturnType<typeof softplusInputs>;
  inputs.delta_bias.data.fill(0);
  inputs.D.data.fill(0);
  inputs.z.data.fill(1);
  return inputs;
}

test('softplus is exact far out on both sides', async () => {
  const raw = { ...USUAL, batch: 1, dim: 4, seqlen: 16 };
  const inputs = softplusInputs(raw);
  inputs.delta.data.set([-90, -30, -10, 0, 10, 19.9, 20.1, 30, 80, 100, -1, 1, 5, -5, 20, 19]);
  for (const variant of VARIANTS) expect(await errorOf(variant, raw, inputs), variant).toBeLessThan(1e-6);
});

test('softplus keeps the digits of small steps', async () => {
  const raw = { ...USUAL, batch: 1, dim: 4, seqlen: 16 };
  for (const delta of [-4, -7, -12, -18]) {
    const inputs = softplusInputs(raw);
    inputs.delta.data.fill(delta);
    for (const variant of VARIANTS) {
      expect(await errorOf(variant, raw, inputs), `${variant} ${delta}`).toBeLessThan(2e-6);
    }
  }
});

test('an output at t does not depend on anything after t', async () => {
  const raw = { ...USUAL, batch: 1, dim: 4, seqlen: 70, chunk: 16 };
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(raw), 5);
  const changed = structuredClone(inputs);
  const cut = 37;
  for (const name of ['u', 'delta', 'z', 'B', 'C']) {
    for (let i = 0; i < changed[name]!.data.length; i++) if (i % 70 >= cut) changed[name]!.data[i]! += 1;
  }
  for (const variant of VARIANTS) {
    const experiment = { mechanism: 'selective-scan', variant, config: raw };
    const before = (await engine.run(experiment, { inputs })).outputs.out!.data;
    const after = (await engine.run(experiment, { inputs: changed })).outputs.out!.data;
    const differs = [...before].map((value, i) => (Object.is(value, after[i]) ? -1 : i % 70)).filter((t) => t >= 0);
    expect(Math.min(...differs), variant).toBe(cut);
  }
});

test('a kernel that forgets the carry of a chunk is caught', async () => {
  const raw = { ...USUAL, batch: 1, dim: 4, seqlen: 64, chunk: 16 };
  const config = selectiveScan.resolve(raw);
  const kernels = selectiveScan.variants.find(({ id }) => id === 'chunked')!.kernels;
  const { wgsl } = kernels.find(({ file }) => file === 'chunk-carry.wgsl')!;
  const edited = wgsl.replace('carry[row * N + n] = h;', 'carry[row * N + n] = select(h, 0.0, chunk == 2u);');
  expect(edited).not.toBe(wgsl);
  const inputs = selectiveScan.makeInputs(config, 1);
  const run = await engine.run(
    { mechanism: 'selective-scan', variant: 'chunked', config: raw, sources: { 'chunk-carry.wgsl': edited } },
    { inputs },
  );
  const { out } = selectiveScan.reference(config, inputs);
  const wrong = [...run.outputs.out!.data].map((value, i) => (Math.abs(value - out!.data[i]!) > 1e-4 ? i % 64 : -1));
  const steps = wrong.filter((t) => t >= 0);
  expect(Math.min(...steps)).toBe(32);
  expect(Math.max(...steps)).toBeLessThan(48);
});

test('a scan of the beginning, then decode steps from its last state, equal the whole scan', async () => {
  const [length, start] = [30, 12];
  const raw = { ...USUAL, batch: 2, dim: 6, seqlen: length };
  const config = selectiveScan.resolve(raw);
  const inputs = selectiveScan.makeInputs(config, 9);
  const whole = selectiveScan.reference(config, inputs).out!.data;
  /** Time steps [from, to) of a tensor whose last axis is time. */
  const slice = (name: string, from: number, to: number): Tensor => {
    const { shape, data } = inputs[name]!;
    const kept = data.filter((_, i) => i % length >= from && i % length < to);
    return { dtype: 'f32', shape: [...shape.slice(0, -1), to - from], data: kept };
  };
  const overTime = ['u', 'delta', 'B', 'C', 'z'];
  const constant = Object.fromEntries(['A', 'D', 'delta_bias'].map((name) => [name, inputs[name]!]));
  for (const variant of VARIANTS) {
    const prefix = Object.fromEntries(overTime.map((name) => [name, slice(name, 0, start)]));
    const { outputs } = await engine.run(
      { mechanism: 'selective-scan', variant, config: { channels: 4, time: 8, scan: 8, chunk: 5 } },
      { inputs: { ...prefix, ...constant } },
    );
    const token = (t: number) => {
      const at = (name: string) => {
        const { shape, data } = slice(name, t, t + 1);
        return { dtype: 'f32' as const, shape: shape.slice(0, -1), data };
      };
      return { x: at('u'), dt: at('delta'), B: at('B'), C: at('C'), z: at('z') };
    };
    const { A, D, delta_bias } = constant;
    const session = await engine.open(
      { mechanism: 'selective-state-update', variant: 'direct', config: {} },
      { inputs: { ...token(start), state: outputs.last_state!, A: A!, D: D!, dt_bias: delta_bias! } },
    );
    for (let t = start; t < length; t++) {
      const { out } = (await session.run('run', { inputs: token(t) })).outputs;
      out!.data.forEach((value, row) => {
        expect(Math.abs(value - whole[row * length + t]!), `${variant} at ${t}`).toBeLessThan(2e-5);
      });
    }
    session.dispose();
  }
});
