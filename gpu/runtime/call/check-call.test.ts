import { expect, test } from 'vitest';
import { checkContestants, checkExperiment, checkKernelSpec, checkMeasure, checkRun } from './check-call.ts';

const experiment = { mechanism: 'm', variant: 'v', config: {} };
const kernel = { wgsl: '', workgroups: [1, 1, 1], bindings: [{ binding: 0, kind: 'storage', byteLength: 4 }] };
const refusal = (facts: object) => expect.objectContaining({ code: 'bad-input', ...facts });

test('what is right passes', () => {
  for (const seed of [undefined, 0, 2 ** 32 - 1]) checkExperiment({ ...experiment, seed });
  checkExperiment({ model: 'm', config: {}, sources: { 'a.wgsl': '' } });
  checkKernelSpec(kernel);
  checkKernelSpec({ ...kernel, workgroups: { indirect: 0, offset: 0 }, constants: { N: Number.NaN } });
  for (const trace of [
    undefined,
    true,
    false,
    {},
    { steps: undefined, log: true, probes: [0, 7], maxBytes: Infinity },
  ]) {
    checkRun({ trace });
  }
  checkRun({ inputs: { q: {} }, params: { n: 1 }, signal: new AbortController().signal });
  checkMeasure({ rounds: 1, minSampleMs: 0, onProgress: () => {} });
  checkContestants([experiment, kernel]);
});

test.each<[unknown, string]>([
  [null, 'experiment'],
  ['attention', 'experiment'],
  [{ ...experiment, mechanism: undefined }, 'mechanism'],
  [{ ...experiment, variant: 3 }, 'variant'],
  [{ ...experiment, config: null }, 'config'],
  [{ model: null, config: {} }, 'model'],
  ...[-1, 0.5, 2 ** 32, Number.NaN, '1', null].map((seed): [unknown, string] => [{ ...experiment, seed }, 'seed']),
  [{ ...experiment, sources: [] }, 'sources'],
  [{ ...experiment, sources: { 'a.wgsl': null } }, 'a.wgsl'],
])('experiment %j: %s', (what, field) => {
  expect(() => checkExperiment(what)).toThrow(refusal({ field }));
});

test('a seed says its limit', () => {
  expect(() => checkExperiment({ ...experiment, seed: -1 })).toThrow(refusal({ value: -1, limit: '0 … 4294967295' }));
});

test.each<[object, string]>([
  [{ wgsl: undefined }, 'wgsl'],
  [{ entryPoint: 1 }, 'entryPoint'],
  [{ constants: { N: '4' } }, 'constants.N'],
  [{ workgroups: undefined }, 'workgroups'],
  [{ workgroups: 1 }, 'workgroups'],
  [{ bindings: undefined }, 'bindings'],
  [{ bindings: {} }, 'bindings'],
  [{ bindings: [null] }, 'bindings[0]'],
  [{ bindings: [{ kind: 'storage' }] }, 'bindings[0].binding'],
  [{ bindings: [{ binding: 0, group: -1, kind: 'storage' }] }, 'bindings[0].group'],
  [{ bindings: [{ binding: 0, kind: 'read-write' }] }, 'bindings[0].kind'],
  [{ bindings: [{ binding: 0, kind: 'storage', element: 'f16' }] }, 'bindings[0].element'],
  [{ bindings: [{ binding: 0, kind: 'storage', data: [1, 2] }] }, 'bindings[0].data'],
])('kernel with %j: %s', (part, field) => {
  expect(() => checkKernelSpec({ ...kernel, ...part })).toThrow(refusal({ field }));
});

test.each<[unknown, string]>([
  [null, 'options'],
  [{ signal: {} }, 'signal'],
  [{ inputs: null }, 'inputs'],
  [{ inputs: { q: null } }, 'q'],
  [{ params: { n: '1' } }, 'params.n'],
  [{ trace: null }, 'trace'],
  [{ trace: 1 }, 'trace'],
  [{ trace: { step: true } }, 'trace.step'],
  [{ trace: { steps: 1 } }, 'trace.steps'],
  [{ trace: { touches: 'yes' } }, 'trace.touches'],
  [{ trace: { log: null } }, 'trace.log'],
  [{ trace: { probes: 3 } }, 'trace.probes'],
  [{ trace: { probes: [0, -1] } }, 'trace.probes[1]'],
  [{ trace: { probes: [0.5] } }, 'trace.probes[0]'],
  [{ trace: { maxBytes: Number.NaN } }, 'trace.maxBytes'],
  [{ trace: { maxBytes: -1 } }, 'trace.maxBytes'],
])('options of a run %j: %s', (options, field) => {
  expect(() => checkRun(options)).toThrow(refusal({ field }));
});

test.each<[unknown, string]>([
  [null, 'options'],
  [{ rounds: 0 }, 'rounds'],
  [{ rounds: 1.5 }, 'rounds'],
  [{ minSampleMs: Number.NaN }, 'minSampleMs'],
  [{ minSampleMs: Infinity }, 'minSampleMs'],
  [{ minSampleMs: -1 }, 'minSampleMs'],
  [{ minSampleMs: '5' }, 'minSampleMs'],
  [{ onProgress: 1 }, 'onProgress'],
])('options of a measurement %j: %s', (options, field) => {
  expect(() => checkMeasure(options)).toThrow(refusal({ field }));
});

test('contestants are checked as what they are', () => {
  expect(() => checkContestants(null)).toThrow(refusal({ field: 'contestants' }));
  expect(() => checkContestants([null])).toThrow(refusal({ field: 'experiment' }));
  expect(() => checkContestants([{ wgsl: '' }])).toThrow(refusal({ field: 'workgroups' }));
});
