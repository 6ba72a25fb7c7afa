import { expect, test } from 'vitest';
import { checkPlan } from '../../plan/check.ts';
import { resolveStack, stackOf } from './config.ts';
import { ledgerOf } from './ledger.ts';
import { planStack, weightsOf } from './plan.ts';
import { stackPresets } from './presets.ts';
import { stack, untrainedWeights } from './stack.ts';

const texts = Object.fromEntries(stack.kernels.map(({ file, wgsl }) => [file, wgsl]));

test.each(stackPresets.map((preset) => [preset.id, preset] as const))(
  '%s: the preset resolves, its plan fits its kernels',
  (_id, { config: raw }) => {
    const config = resolveStack(raw);
    expect(resolveStack(config)).toEqual(config);
    const plan = planStack(stackOf(config), {});
    expect(() => checkPlan(plan, texts, {})).not.toThrow();
    expect(plan.parts!.prefill!.length + plan.parts!.step!.length).toBe(plan.passes.length);
  },
);

test('a pipeline serves every length: no constant of a kernel depends on the tokens of a run, and each pass says what does', () => {
  const [{ config: raw }] = stackPresets as [(typeof stackPresets)[number]];
  const { passes } = planStack(stackOf(resolveStack(raw)), {});
  for (const { kernel, runtime, workgroups } of passes) {
    const shares = runtime?.workgroups?.filter((share) => share !== null) ?? [];
    const said = [...Object.values(runtime?.params ?? {}), ...shares.map(({ of }) => of)];
    expect(said.length, kernel).toBeGreaterThan(0);
    for (const [axis, share] of (runtime?.workgroups ?? []).entries())
      if (share)
        expect((workgroups as number[])[axis], `${kernel}: as planned for the longest text`).toBe(
          Math.ceil(256 / share.per),
        );
  }
});

test('buffers between kernels are shared by blocks that run one after the other', () => {
  const raw = (count: number) => ({
    ...stackPresets[0]!.config,
    blocks: Array.from({ length: count }, () => ({ kind: 'mlp', hidden: 512 })),
  });
  const scratch = (count: number) =>
    planStack(stackOf(resolveStack(raw(count))), {}).buffers.filter(
      ({ role, shape }) => role === 'scratch' && shape.length > 1 && shape[0]! > 1,
    );
  expect(scratch(5).length).toBe(scratch(1).length);
});

test('the ledger’s weights are those that are made, and its bytes those of the plan’s caches', () => {
  for (const { config: raw } of stackPresets) {
    const config = resolveStack(raw);
    const parts = stackOf(config);
    const made = Object.values(untrainedWeights(config, 1)).reduce((sum, { data }) => sum + data.length, 0);
    const ledger = ledgerOf(parts, 10);
    expect(ledger.parameters).toBe(made);
    expect(Object.keys(weightsOf(parts)).length).toBeGreaterThan(5);
    const states = planStack(parts, {}).buffers.filter(({ role }) => role === 'state');
    const bytes = states.reduce(
      (sum, { shape }) => sum + 4 * shape.reduce((product, extent) => product * extent, 1),
      0,
    );
    expect(ledger.bytesPerToken * config.context + ledger.stateBytes).toBe(bytes);
  }
});

test('GPT’s products by hand: projections, scores and values over 11 keys, feed-forward, readout', () => {
  const { multiplies } = ledgerOf(stackOf(resolveStack(stackPresets[0]!.config)), 10);
  const attention = 4 * 128 * 128 + 2 * 128 * 11;
  const forward = 2 * 128 * 512;
  expect(multiplies).toBe(3 * (attention + forward) + 128 * 80);
});

test('what does not go together is refused by its place, key, value and limit', () => {
  const base = stackPresets[0]!.config;
  const refusal = (change: object) => {
    try {
      resolveStack({ ...base, ...change });
    } catch (error) {
      return error;
    }
  };
  expect(refusal({ blocks: [{ kind: 'attention', heads: 5 }] })).toMatchObject({
    code: 'bad-config',
    field: 'blocks.0.heads',
    value: 5,
  });
  expect(
    refusal({
      blocks: [
        { kind: 'mlp', hidden: 8 },
        { kind: 'mlp', hidden: 0 },
      ],
    }),
  ).toMatchObject({ field: 'blocks.1.hidden', value: 0, limit: 1 });
  expect(refusal({ blocks: [{ kind: 'magic' }] })).toMatchObject({ field: 'blocks.0.kind', value: 'magic' });
  expect(refusal({ width: 0 })).toMatchObject({ field: 'width', value: 0, limit: 1 });
  expect(refusal({ blocks: [{ kind: 'attention', heads: 4, kvHeads: 3 }] })).toMatchObject({
    field: 'blocks.0.kvHeads',
    value: 3,
    limit: 4,
  });
});
