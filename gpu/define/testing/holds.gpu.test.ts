// The suite itself: what it demands of a mechanism must be able to fail.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config, Mechanism, Totals } from '../../mechanisms/mechanism.ts';
import type { Plan } from '../../plan/plan.ts';
import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import type { Engine } from '../../runtime/api.ts';
import { checkRun, engineOf } from './holds.ts';

const raw = { batch: 1, dim: 3, seqlen: 9, width: 4 };
let engines: Engine[] = [];
beforeAll(() => {
  engines = [];
});
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

/** Runs the suite's check on a mechanism with something planted. */
async function check(planted: Partial<Mechanism>): Promise<number> {
  const mechanism = { ...causalConv1d, ...planted };
  const engine = await engineOf(mechanism);
  engines.push(engine);
  return checkRun(engine, mechanism, mechanism.variants[0]!, raw, 2e-6);
}

const withPlan = (change: (plan: Plan) => Plan): Partial<Mechanism> => ({
  plan: (...of) => change(causalConv1d.plan(...of)),
});
const withCost = (change: (totals: Totals) => Totals): Partial<Mechanism> => ({
  cost: (...of) => change(causalConv1d.cost(...of)),
});

test('what is right passes', async () => {
  expect(await check({})).toBeGreaterThan(0);
});

test('a closed form that is off by one load is caught', async () => {
  const wrong = withCost(({ buffers: [first, ...rest], ...totals }) => ({
    ...totals,
    buffers: [{ ...first!, loads: first!.loads + 1, loadBytes: first!.loadBytes + 4 }, ...rest],
  }));
  await expect(check(wrong)).rejects.toThrow(/causal-conv1d\/direct/);
});

test('a closed form that forgets a buffer is caught', async () => {
  const wrong = withCost((totals) => ({ ...totals, buffers: totals.buffers.slice(1) }));
  await expect(check(wrong)).rejects.toThrow(/causal-conv1d\/direct/);
});

test('a wrong constant of a kernel is caught', async () => {
  const wrong = withPlan((plan) => ({
    ...plan,
    passes: plan.passes.map((pass) => ({ ...pass, constants: { ...pass.constants, SILU: false } })),
  }));
  await expect(check(wrong)).rejects.toThrow(/error relative to the largest value/);
});

test('an output that a kernel leaves unwritten is caught, also where the counts agree', async () => {
  const wrong = {
    ...withPlan((plan) => ({
      ...plan,
      passes: plan.passes.map((pass) => ({ ...pass, params: { ...pass.params, seqlen: 8 } })),
    })),
    cost: (variant: string, config: Config) => causalConv1d.cost(variant, { ...config, seqlen: 8 }),
  };
  await expect(check(wrong)).rejects.toThrow(/is not a number/);
});

test('an output that is not poisoned before the run is caught', async () => {
  const wrong = withPlan((plan) => ({
    ...plan,
    buffers: plan.buffers.map((spec) => (spec.name === 'out' ? { ...spec, init: 'zero' } : spec)),
  }));
  await expect(check(wrong)).rejects.toThrow(/out before the run/);
});

test('a tensor without named axes is caught', async () => {
  const wrong = withPlan((plan) => ({
    ...plan,
    buffers: plan.buffers.map(({ axes, ...spec }) => (spec.name === 'x' ? spec : { ...spec, axes })),
  }));
  await expect(check(wrong)).rejects.toThrow(/axes of x/);
});
