import { expect, test } from 'vitest';
import { tensor } from '#gpu/core/tensor.ts';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { ADAPTER, EMPTY_TRACE, ranBy } from '../testing/scripted-engine.ts';
import { prepareRun } from './prepared-run.ts';
import { recordingOf } from './recording-of-run.ts';

const given = tensor('f32', [1, 4, 1, 8], new Float32Array(32).fill(0.5));
const experiment = { ...DEFAULT_EXPERIMENT, config: { br: 16, bc: 16 }, sources: {} };
const prepared = prepareRun(
  attention,
  { ...experiment, config: { ...experiment.config, pattern: 'diagonal' } },
  'flash-v2-block-sparse',
  { tensors: { q: given, k: given, v: given }, tokens: { query: ['a'], key: ['a'] } },
  ADAPTER.limits,
);
const run = {
  outputs: { out: given },
  trace: EMPTY_TRACE,
  warnings: ['said'],
  ran: ranBy(prepared.experiment, prepared.inputs),
};

test('a recording shows what the engine says it ran, not what the page had worked out', () => {
  const other = {
    config: { ...run.ran.config, scale: 7 },
    plan: { ...run.ran.plan, passes: [] },
    kernels: [{ file: 'a.wgsl', wgsl: 'fn other() {}' }],
    inputs: run.ran.inputs,
  };
  const recording = recordingOf('live-1', prepared, { ...run, ran: other }, ADAPTER);
  expect(recording).toMatchObject({ id: 'live-1', mechanism: 'attention', warnings: ['said'], outputs: run.outputs });
  expect(recording.config).toBe(other.config);
  expect(recording.plan).toBe(other.plan);
  expect(recording.kernels).toBe(other.kernels);
});

test('its inputs are those that were given and those that were made, in the plan’s order', () => {
  const { inputs } = recordingOf('live-1', prepared, run, ADAPTER);
  expect(Object.keys(inputs)).toEqual(['q', 'k', 'v', 'blockmask']);
  expect(inputs.q).toBe(given);
  expect([...inputs.blockmask!.data]).toEqual([1]);
});

test('a run that says nothing of it, or was not recorded, is no recording', () => {
  const of = (part: object) => () => recordingOf('live-1', prepared, { ...run, ...part }, ADAPTER);
  expect(of({ ran: undefined })).toThrow('not recorded');
  expect(of({ trace: undefined })).toThrow('not recorded');
});
