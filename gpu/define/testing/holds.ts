// Test code: what every described mechanism owes, held against configs drawn from its own table. Its own tests hold what only it has.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import type { Config, Limits, Mechanism, Variant } from '../../mechanisms/mechanism.ts';
import { checkPlan } from '../../plan/check.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Engine } from '../../runtime/api.ts';
import { DirectEngine } from '../../runtime/engine.ts';
import { expectTotals } from '../../testing/recorded-totals.ts';
import { relativeDistance } from '../../testing/relative-error.ts';
import { findMarkers } from '../../wgsl/text/markers.ts';
import { type Candidate, columnsOf, type Drawn, drawConfigs, pickTelling } from './draw.ts';

export interface Holds extends Drawn {
  /** Configs of each variant. */
  runs?: number;
  /** Largest error allowed, relative to the largest value of a tensor. */
  tolerance?: number | ((config: Config) => number);
}

/** Configs that are drawn for each that is run. */
const DRAWS = 60;

/** An engine that knows one mechanism. */
export function engineOf(mechanism: Mechanism): Promise<Engine> {
  return DirectEngine.open({}, { mechanisms: new Map([[mechanism.id, mechanism]]), models: new Map() });
}

/** Configs of every variant that resolve and fit it, picked beside its presets. */
export function tellingConfigs(mechanism: Mechanism, limits: Limits, how: Holds): Map<Variant, Candidate['raw'][]> {
  const { runs = 6 } = how;
  const drawn = drawConfigs(columnsOf(mechanism.description!, how), DRAWS * runs);
  const compiled = new Set<string>();
  const telling = new Map<Variant, Candidate['raw'][]>();
  for (const variant of mechanism.variants) {
    const candidates = (raws: Candidate['raw'][]) =>
      raws.flatMap((raw): Candidate[] => {
        const kernels = kernelsOf(mechanism, variant, raw, limits);
        return kernels ? [{ raw, kernels }] : [];
      });
    const presets = mechanism.presets.filter((preset) => preset.variant === variant.id);
    const shown = candidates(presets.map(({ config }) => config));
    for (const kernel of shown.flatMap(({ kernels }) => kernels)) compiled.add(kernel);
    const picked = pickTelling(candidates(drawn), runs, shown, compiled);
    for (const kernel of picked.flatMap(({ kernels }) => kernels)) compiled.add(kernel);
    expect(picked.length, `drawn configs that fit ${variant.id}`).toBe(runs);
    telling.set(
      variant,
      picked.map(({ raw }) => raw),
    );
  }
  return telling;
}

/** The baked kernels that a config runs; undefined where it does not resolve or fit. */
function kernelsOf(mechanism: Mechanism, variant: Variant, raw: object, limits: Limits): string[] | undefined {
  try {
    const config = mechanism.resolve(raw);
    if (variant.supports(config, limits) !== true) return undefined;
    const { passes } = mechanism.plan(variant.id, config, limits);
    return passes.map(({ kernel, constants }) => JSON.stringify([kernel, constants]));
  } catch (error) {
    if (error instanceof EngineError && error.code === 'bad-config') return undefined;
    throw error;
  }
}

/** The plan names every axis, poisons what kernels write, and fits its kernels and the device. */
export function expectSoundPlan(plan: Plan, { kernels }: Variant, limits: Limits, label: string): void {
  for (const { name, axes, shape, role, within, init } of plan.buffers) {
    expect(axes?.length, `${label}: axes of ${name}`).toBe(shape.length);
    if (role === 'output' && !within) expect(init, `${label}: ${name} before the run`).toBe('poison');
  }
  checkPlan(plan, Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl])), limits);
}

/** One recorded run: a sound plan, recorded whole, with accesses as the closed form says. */
async function recordRun(engine: Engine, mechanism: Mechanism, variant: Variant, raw: object) {
  const label = `${mechanism.id}/${variant.id} ${JSON.stringify(raw)}`;
  const { limits } = engine.adapter;
  const config = mechanism.resolve(raw);
  expectSoundPlan(mechanism.plan(variant.id, config, limits), variant, limits, label);
  const experiment = { mechanism: mechanism.id, variant: variant.id, config: raw };
  const { outputs, trace, ran } = await engine.run(experiment, { trace: true });
  expectTotals(label, trace!, mechanism.cost(variant.id, config, limits, ran!.inputs));
  expect(trace!.steps.length, `${label}: steps`).toBeGreaterThan(0);
  return { label, config, outputs, inputs: ran!.inputs };
}

/**
 * One recorded run whose outputs equal float64, of those that the reference gives.
 *
 * @returns the largest error, relative to the largest value of a tensor
 */
export async function checkRun(
  engine: Engine,
  mechanism: Mechanism,
  variant: Variant,
  raw: object,
  tolerance: number,
): Promise<number> {
  const { label, config, outputs, inputs } = await recordRun(engine, mechanism, variant, raw);
  const error = relativeDistance(label, outputs, mechanism.reference(config, inputs));
  expect(error, `${label}: error relative to the largest value`).toBeLessThan(tolerance);
  return error;
}

/** Kernel = float64 reference, recorded totals = closed form, plans sound, presets run and are recorded whole: of every variant. */
export function holds(mechanism: Mechanism, how: Holds = {}): void {
  const { tolerance = 2e-6 } = how;
  const allowed = (raw: object) => (typeof tolerance === 'number' ? tolerance : tolerance(mechanism.resolve(raw)));
  let engine: Engine;
  let telling: ReturnType<typeof tellingConfigs>;
  beforeAll(async () => {
    engine = await engineOf(mechanism);
    telling = tellingConfigs(mechanism, engine.adapter.limits, how);
  });
  afterAll(() => engine?.dispose());

  test(`${mechanism.id}: every step that its kernels mark is described, and none besides`, () => {
    const texts = new Set(mechanism.variants.flatMap(({ kernels }) => kernels.map(({ wgsl }) => wgsl)));
    const markers = [...texts].flatMap(findMarkers);
    const marked = markers.flatMap((marker) => (marker.kind === 'step' ? [marker.name] : []));
    expect([...new Set(marked)].sort()).toEqual(mechanism.steps.map(({ id }) => id).sort());
  });

  for (const variant of mechanism.variants) {
    test(`${mechanism.id}/${variant.id}: drawn configs equal float64, and the recorder counts what the closed form says`, async () => {
      const configs = telling.get(variant)!;
      let worst = 0;
      for (const raw of configs) worst = Math.max(worst, await checkRun(engine, mechanism, variant, raw, allowed(raw)));
      console.log(`${mechanism.id}/${variant.id}: ${configs.length} configs, largest error ${worst.toExponential(1)}`);
    });
  }

  test.each(mechanism.presets)(
    `${mechanism.id}: the preset $id runs and is recorded whole`,
    async ({ variant: id, config }) => {
      const variant = mechanism.variants.find((each) => each.id === id)!;
      await recordRun(engine, mechanism, variant, config);
    },
  );
}
