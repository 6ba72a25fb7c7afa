import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { softmax } from './softmax.ts';

test('the reference turns logarithms back into shares', () => {
  const inputs = { x: tensor('f32', [2, 2], [0, Math.log(3), 1000, 1000]) };
  const { out } = softmax.reference(softmax.resolve({}, inputs), inputs);
  expect(out!.shape).toEqual([2, 2]);
  [0.25, 0.75, 0.5, 0.5].forEach((share, index) => {
    expect(out!.data[index]).toBeCloseTo(share, 6);
  });
});

test('tuned gives a row to a lane on a software adapter, where the width allows it', () => {
  const kernel = (width: number, limits: Record<string, number>) =>
    softmax.plan('tuned', softmax.resolve({ rows: 40, width }), limits).passes[0]!;
  expect(kernel(8, { isSoftware: 1 })).toMatchObject({ kernel: 'softmax-per-row.wgsl', workgroups: [3, 1, 1] });
  expect(kernel(9, { isSoftware: 1 })).toMatchObject({ kernel: 'softmax-shared.wgsl', workgroups: [40, 1, 1] });
  expect(kernel(8, {})).toMatchObject({ kernel: 'softmax-shared.wgsl' });
});

test('what cannot be done is named', () => {
  const refusal = (id: string, raw: object, limits = {}) =>
    softmax.variants.find((variant) => variant.id === id)!.supports(softmax.resolve(raw), limits);
  expect(refusal('per-row', { rows: 1, width: 6 })).toMatchObject({ code: 'unsupported', field: 'width', value: 6 });
  const small = { maxComputeWorkgroupStorageSize: 1024 };
  expect(refusal('shared', { rows: 1, width: 256 }, small)).toMatchObject({ code: 'limit-exceeded', value: 1280 });
  expect(refusal('shared', { rows: 1, width: 4, tuning: { LANES: 3 } })).toMatchObject({ field: 'tuning.LANES' });
});

test('lanes of a row do not race, and without any barrier they do', () => {
  const { wgsl } = softmax.variants[0]!.kernels[0]!;
  const run = (text: string) =>
    countRaces({
      wgsl: text,
      constants: { LANES: 16, WIDTH: 40 },
      bindings: { 0: Float32Array.from({ length: 40 }, (_, i) => i % 7), 1: new Float32Array(40) },
      workgroups: [1, 1, 1],
    });
  expect(run(wgsl)).toBe(0);
  const mutants = withoutEachBarrier(wgsl);
  expect(mutants.length).toBe(5);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});
