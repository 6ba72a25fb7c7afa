import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { checkPlan } from '../../plan/check.ts';
import { stateBytes } from './decoding.ts';
import { mambaBlock } from './mamba-block.ts';

const sizes = { batch: 2, dim: 6, seqlen: 9, dstate: 3, deltaRank: 2, width: 4, outDim: 5 };

test('sizes come from the inputs; a tensor of another shape is named', () => {
  const inputs = mambaBlock.makeInputs(mambaBlock.resolve(sizes), 1);
  expect(mambaBlock.resolve({}, inputs)).toMatchObject({ ...sizes, inProj: false });
  const short = tensor('f32', [7, 6], new Array(42).fill(0));
  expect(() => mambaBlock.resolve({}, { ...inputs, x_proj_weight: short })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'x_proj_weight', limit: [8, 6] }),
  );
  expect(() => mambaBlock.resolve({ dim: 7 }, inputs)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'dim' }),
  );
  const whole = mambaBlock.resolve({ ...sizes, dModel: 4, inProj: true });
  expect(mambaBlock.resolve({}, mambaBlock.makeInputs(whole, 1))).toMatchObject({ dModel: 4, inProj: true });
});

test('the plan has a prefill and a step, fits its kernels and binds at most seven buffers', () => {
  const [{ kernels }] = mambaBlock.variants as [(typeof mambaBlock.variants)[number]];
  const sources = Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl]));
  for (const raw of [sizes, { ...sizes, inProj: true, dModel: 4 }, { ...sizes, mode: 's4' }]) {
    const plan = mambaBlock.plan('fused', mambaBlock.resolve(raw), {});
    checkPlan(plan, sources, {});
    expect(plan.parts!.run).toEqual(plan.parts!.prefill);
    expect('step' in plan.parts!).toBe(!('mode' in raw));
  }
});

test('the reference is causal, and a filter of width 1 with Δ near 0 leaves the skip path', () => {
  const config = mambaBlock.resolve({ ...sizes, batch: 1 });
  const inputs = mambaBlock.makeInputs(config, 3);
  const before = mambaBlock.reference(config, inputs).out!.data;
  const changed = structuredClone(inputs);
  for (let c = 0; c < 12; c++) changed.xz!.data[c * 9 + 6]! += 1;
  const after = mambaBlock.reference(config, changed).out!.data;
  const differs = Array.from(before, (value, i) => (value === after[i] ? 9 : Math.floor(i / 5)));
  expect(Math.min(...differs)).toBe(6);

  const skip = mambaBlock.resolve({ ...sizes, batch: 1, width: 1, hasConvBias: false });
  const given = mambaBlock.makeInputs(skip, 3);
  given.delta_bias!.data.fill(-200);
  given.delta_proj_weight!.data.fill(0);
  const silu = (x: number) => x / (1 + Math.exp(-x));
  const { out } = mambaBlock.reference(skip, given);
  for (let o = 0; o < 5; o++) {
    let expected = 0;
    for (let d = 0; d < 6; d++) {
      const u = silu(given.conv1d_weight!.data[d]! * given.xz!.data[d * 9]!);
      expected += given.out_proj_weight!.data[o * 6 + d]! * given.D!.data[d]! * u * silu(given.xz!.data[(6 + d) * 9]!);
    }
    expect(out!.data[o]).toBeCloseTo(expected, 12);
  }
});

test('what a decode step keeps depends on channels, states and taps, not on the length', () => {
  expect(stateBytes(sizes)).toBe(4 * 2 * 6 * (3 + 3));
});
