// Calls that no typed caller would make, through every way to the engine: each is refused by name, and the engine works on.

import { describe, expect, test } from 'vitest';
import type { Engine, Experiment, KernelSpec, MeasureOptions, RunOptions } from '../api.ts';
import type { ExpectCode } from './expect-code.ts';

const experiment: Experiment = { mechanism: 'affine', variant: 'direct', config: { n: 3 } };
const kernel: KernelSpec = {
  wgsl: '@compute @workgroup_size(1) fn main() {}',
  workgroups: [1, 1, 1],
  bindings: [],
};
/** What a console or a file can hand over, whatever the types say. */
const untyped = <T>(value: unknown) => value as T;

export function describeCalls(opened: () => Engine, expectCode: ExpectCode): void {
  const refuses = async (field: string, call: Promise<unknown>) =>
    expect(await expectCode('bad-input', call)).toMatchObject({ field });

  describe('calls of the wrong kind', () => {
    test.each<[string, RunOptions | null]>([
      ['options', null],
      ['inputs', untyped({ inputs: null })],
      ['x', { inputs: { x: untyped(null) } }],
      ['trace.maxBytes', { trace: { maxBytes: Number.NaN } }],
      ['trace.probes[1]', { trace: { probes: [0, -1] } }],
      ['trace.step', { trace: untyped({ step: true }) }],
    ])('run: %s', async (field, options) => {
      await refuses(field, opened().run(experiment, untyped(options)));
    });

    test('the experiment and its seed', async () => {
      await refuses('experiment', opened().run(untyped(null)));
      await refuses('experiment', opened().open(untyped(undefined)));
      await refuses('seed', opened().run({ ...experiment, seed: -1 }));
      await refuses('seed', opened().run({ ...experiment, seed: 0.5 }));
    });

    test.each<[string, object]>([
      ['bindings', { bindings: undefined }],
      ['workgroups', { workgroups: undefined }],
      ['bindings[0]', { bindings: [null] }],
      ['wgsl', { wgsl: null }],
    ])('runKernel: %s', async (field, part) => {
      await refuses(field, opened().runKernel(untyped({ ...kernel, ...part })));
    });

    test('a session’s tensors and parameters', async () => {
      const session = await opened().open(experiment);
      await refuses('options', session.run('run', untyped(null)));
      await refuses('params.factor', session.run('run', { params: { factor: untyped('2') } }));
      await refuses('x', session.write('x', untyped(null)));
      session.dispose();
    });

    test.each<[string, MeasureOptions | null]>([
      ['options', null],
      ['minSampleMs', { minSampleMs: Number.NaN }],
      ['rounds', { rounds: Number.NaN }],
    ])('measure: %s', async (field, options) => {
      await refuses(field, opened().measure([experiment], untyped(options)));
    });

    test('a cancelled call keeps the caller’s reason', async () => {
      const reason = new Error('a newer run took its place');
      const error = await expectCode('aborted', opened().run(experiment, { signal: AbortSignal.abort(reason) }));
      expect(error.cause).toBe(reason);
    });
  });
}
