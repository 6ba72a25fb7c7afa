// A trap on the page: what the recorded numbers say, what the picture shows, what one tick mends.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import type { ViewSpec } from '../../exhibit/view.ts';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { drawStrips } from '../../pictures/strips/time-strips.ts';
import type { Experiment } from '../../state/stores/experiment.ts';
import { traps } from './controls.ts';
import { selectiveScanExhibit } from './exhibit.ts';
import { runningProductOf } from './running-product.ts';
import { recordRun } from './testing/record-run.ts';
import { state as statePicture } from './views/state.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const configOf = (id: string) =>
  selectiveScan.presets.find((preset) => preset.id === id)!.config as Experiment['config'];
const record = (config: Experiment['config'], variant = 'unfused') => recordRun(engine, { variant, config });
const end = ({ trace }: Recording) => trace.steps.length;
const stripOf = (recording: Recording, id: string) =>
  sceneAt(statePicture, recording, end(recording)).strips.find((strip) => strip.id === id);
const sentences = (story: string) => story.split(/[.] (?=[A-Z])/).length;

test('the quotient: the states crossed out are those after P left the range, and the story counts them', async () => {
  const config = configOf('trap-quotient');
  const recording = await record(config);
  const facts = runningProductOf(recording)!;
  const { dim, dstate, seqlen } = config as { dim: number; dstate: number; seqlen: number };
  expect(facts).toMatchObject({ recorded: dim * dstate * seqlen, chains: dim * dstate });
  expect(facts.first).toBeGreaterThan(0);
  const [h, product] = [stripOf(recording, 'h')!, stripOf(recording, 'product')!];
  let crossed = 0;
  h.values.forEach((value, i) => {
    if (value !== Number.POSITIVE_INFINITY) return;
    crossed++;
    // −log₁₀ P: nothing is lost while P is a normal number.
    expect(product.values[i]!).toBeGreaterThan(37.9);
  });
  expect(crossed).toBeGreaterThan(0);
  // Before P is out of range a state is exact, and finite.
  product.values.forEach((decades, i) => {
    if (decades < 37) expect(Number.isFinite(h.values[i]!)).toBe(true);
  });
  const outOfAll = Array.from(
    { length: dim },
    (_, head) =>
      sceneAt(statePicture, recording, end(recording), {
        place: {
          kind: 'at',
          at: { batch: 0, channel: head, time: 0 },
        },
      }).strips[0]!.values.filter((value) => value === Number.POSITIVE_INFINITY).length,
  ).reduce((sum, count) => sum + count, 0);
  expect(outOfAll).toBe(facts.notFinite);
  const story = selectiveScanExhibit.story(recording, []);
  expect(story).toContain(`at time step ${facts.first}`);
  expect(story).toContain(`${facts.notFinite.toLocaleString('en')} of the 2,048 recorded values of h are no numbers`);
  expect(sentences(story)).toBeLessThanOrEqual(2);
});

test('the quotient’s lost states are drawn crossed out and named in words and table', async () => {
  const recording = await record(configOf('trap-quotient'));
  const state = { recording, tick: end(recording), selection: null, others: [] };
  expect((selectiveScanExhibit.views[0] as ViewSpec).summary(state)).toMatch(/values so far are no numbers/);
  expect((selectiveScanExhibit.views[0] as ViewSpec).table(state).rows.at(-1)).toContain('not finite');
  const svg = (tick: number) => {
    const pen = new SvgPen(600, 400, (ink) => ink);
    drawStrips(pen, sceneAt(statePicture, recording, tick));
    return pen.document('states');
  };
  expect(svg(end(recording))).toContain('--bad');
  expect(svg(0)).not.toContain('--bad');
});

test('the guarded quotient has finite states only, and its distance from the fused run in the story', async () => {
  const config = configOf('trap-guarded-quotient');
  const [recording, fused] = [await record(config), await record(config, 'sequential')];
  expect(runningProductOf(recording)).toMatchObject({ notFinite: 0 });
  const story = selectiveScanExhibit.story(recording, [fused]);
  expect(story).toMatch(/P fell below 1e-12/);
  const [, differ] = /differ by up to ([\d.]+) from the fused run/.exec(story)!;
  expect(Number(differ)).toBeGreaterThan(0.1);
  expect(sentences(story)).toBeLessThanOrEqual(2);
});

test('theorem 1: the gate is drawn under the output, missed by first order and met by the exact hold', async () => {
  const config = configOf('trap-first-order');
  const broken = await record(config);
  const mended = await record({ ...config, trap: 'none' });
  const distance = (recording: Recording) => {
    const [out, gate] = [stripOf(recording, 'out')!.values, stripOf(recording, 'gate')!.values];
    return Math.max(...out.map((value, i) => Math.abs(value - gate[i]!)));
  };
  expect(distance(broken)).toBeGreaterThan(0.1);
  expect(distance(mended)).toBeLessThan(1e-6);
  const fused = await record(config, 'sequential');
  expect(selectiveScanExhibit.story(broken, [fused])).toMatch(
    /misses the gate .* by up to \d\.\d+\. .*e-\d away\): untick the trap/,
  );
  expect(selectiveScanExhibit.story(mended, [])).toMatch(/is the gate .* within \d\.\d+e-/);
  expect(selectiveScanExhibit.story(await record({ ...config, trap: 'none', discretization: 'euler' }), [])).toContain(
    'choose zoh',
  );
});

test('the naive hold says how far it is off and how much is no number', async () => {
  const config = configOf('trap-naive-hold');
  const [recording, fused] = [await record(config), await record(config, 'sequential')];
  const story = selectiveScanExhibit.story(recording, [fused]);
  expect(story).toMatch(/differ by up to [\d.]+ from the fused run on the same input, and 64 of 256 are no numbers/);
  expect(sentences(story)).toBeLessThanOrEqual(2);
  // The recorded factor of the hold: right where x is large, anything near 0, no number at A = 0.
  const factors = (head: number) => {
    const selection = { kind: 'at', at: { batch: 0, channel: head, time: 0 } } as const;
    const strip = sceneAt(statePicture, recording, end(recording), { place: selection }).strips.find(
      ({ id }) => id === 'gain',
    )!;
    return (n: number) => [...strip.values.slice(n * 64, (n + 1) * 64)];
  };
  expect(factors(0)(0).every((factor) => factor > 0.8 && factor < 1)).toBe(true);
  expect(factors(0)(3).some((factor) => Math.abs(factor - 1) > 0.1)).toBe(true);
  expect(factors(3)(3).every((factor) => factor === Number.POSITIVE_INFINITY)).toBe(true);
});

test('one tick makes every trap, one more mends it, and a run without one says nothing of traps', async () => {
  expect((await wholeExhibit(selectiveScanExhibit)).controls).toEqual(expect.arrayContaining(traps));
  expect(traps).toHaveLength(4);
  for (const { kind, term, label, read, apply, appliesTo } of traps) {
    expect([kind, label.slice(0, 6), typeof term]).toEqual(['toggle', 'Trap: ', 'string']);
    const plain = { discretization: 'euler', trap: 'none' };
    const made = { ...plain, ...apply(plain, true, {}) };
    expect([read(plain), read(made)]).toEqual([false, true]);
    expect(traps.filter((each) => each.read(made))).toHaveLength(1);
    expect(read({ ...made, ...apply(made, false, {}) })).toBe(false);
    expect([appliesTo!('unfused', 'random'), appliesTo!('sequential', 'random')]).toEqual([true, false]);
  }
  const plain = await record({ ...configOf('trap-quotient'), trap: 'none' });
  expect(selectiveScanExhibit.story(plain, [])).toMatch(/^To scan/);
  expect(stripOf(plain, 'product')).toBeUndefined();
  expect(stripOf(plain, 'gate')).toBeUndefined();
  expect(stripOf(plain, 'gain')).toBeUndefined();
});
