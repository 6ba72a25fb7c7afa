import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { prefixScan } from './prefix-scan.ts';

test('the reference adds up hand-checked columns', () => {
  const inputs = { x: tensor('f32', [3, 2], [1, 10, 2, 20, 3, 30]) };
  const { y } = prefixScan.reference(prefixScan.resolve({}, inputs), inputs);
  expect(y!.shape).toEqual([3, 2]);
  expect(Array.from(y!.data)).toEqual([1, 10, 3, 30, 6, 60]);
});

test('tuned walks down channels on a software adapter and cuts rows into chunks elsewhere', () => {
  const kernel = (limits: Record<string, number>) =>
    prefixScan.plan('tuned', prefixScan.resolve({ length: 9, channels: 33 }), limits).passes[0]!;
  expect(kernel({ isSoftware: 1 })).toMatchObject({ kernel: 'prefix-scan-sequential.wgsl', workgroups: [3, 1, 1] });
  expect(kernel({})).toMatchObject({ kernel: 'prefix-scan-chunked.wgsl', workgroups: [2, 1, 1] });
});

test('a tuning that does not exist, or is too large for the device, is named', () => {
  const config = (tuning: object) => prefixScan.resolve({ length: 9, channels: 33, tuning });
  const refusal = (tuning: object, limits = {}) => prefixScan.variants[1]!.supports(config(tuning), limits);
  expect(refusal({ LANES: 5 })).toMatchObject({ code: 'bad-config', field: 'tuning.LANES' });
  expect(refusal({ LANES: 64, CHUNKS: 16 }, { maxComputeInvocationsPerWorkgroup: 256 })).toMatchObject({
    code: 'limit-exceeded',
    value: 1024,
  });
  expect(() => prefixScan.resolve({ length: 0, channels: 1 })).toThrow(expect.objectContaining({ field: 'length' }));
});

test('chunks do not race, and without the barrier they do', () => {
  const { wgsl } = prefixScan.variants[1]!.kernels[0]!;
  const run = (text: string) =>
    countRaces({
      wgsl: text,
      constants: { LANES: 8, CHUNKS: 4 },
      bindings: {
        0: Float32Array.from({ length: 13 * 9 }, (_, i) => i % 7),
        1: new Float32Array(13 * 9),
        2: { uniform: Uint32Array.of(13, 9) },
      },
      workgroups: [2, 1, 1],
    });
  expect(run(wgsl)).toBe(0);
  const [mutant] = withoutEachBarrier(wgsl);
  expect(run(mutant!)).toBeGreaterThan(0);
});
