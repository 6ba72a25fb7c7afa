// What the engine makes of an experiment before anything is allocated.

import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { mechanisms } from '../../mechanisms/all.ts';
import { resolve } from './experiment.ts';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 8,
};
const catalogue = { mechanisms, models: new Map() };

test('an input that the config itself holds is said to be made, but not by chance', () => {
  const given = tensor('f32', [1, 32, 1, 8], new Float32Array(256));
  const config = { br: 16, bc: 16, pattern: 'diagonal' };
  const masked = { mechanism: 'attention', variant: 'flash-v2-block-sparse', config };
  const { ran, warnings } = resolve(catalogue, masked, { q: given, k: given, v: given }, LIMITS);
  expect(Object.keys(ran.inputs)).toEqual(['blockmask']);
  expect([...ran.inputs.blockmask!.data]).toEqual([1, 0, 0, 1]);
  expect(warnings).toEqual([]);
});

test('one that is missing beside given ones is made from the seed, and named, also where a flag has its name', () => {
  const product = { mechanism: 'matmul', variant: 'tiled', config: { n: 2, bias: true }, seed: 9 };
  const { ran, inputs, warnings } = resolve(catalogue, product, { a: tensor('f32', [1, 2], [1, 2]) }, LIMITS);
  expect(Object.keys(ran.inputs)).toEqual(['b', 'bias']);
  expect(ran.inputs.b).toBe(inputs.b);
  expect(warnings).toEqual(['not given, so made from seed 9: b, bias']);
});
