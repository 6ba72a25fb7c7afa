// Recordings through the engine: the part of the conformance suite that is about traces. What the recorder counts is tested in
// gpu/wgsl; here, that the engine records the run it made.

import { describe, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Trace } from '../../trace/trace.ts';
import type { Engine, Experiment, KernelSpec } from '../api.ts';
import type { ExpectCode } from './expect-code.ts';
import scaleWgsl from './scale.wgsl?raw';

const affine = (variant: string, config: object): Experiment => ({ mechanism: 'affine', variant, config });

function totalsOf(trace: Trace, buffer: string) {
  return trace.totals.find((totals) => totals.buffer === buffer);
}

/** Loads and stores of a buffer, added up over the steps. */
function stepSums(trace: Trace, name: string) {
  const buffer = trace.buffers.findIndex((each) => each.name === name);
  let [loads, stores] = [0, 0];
  for (const step of trace.steps) {
    for (const access of step.accesses) {
      if (access.buffer !== buffer) continue;
      loads += access.loads;
      stores += access.stores;
    }
  }
  return { loads, stores };
}

export function describeTraces(opened: () => Engine, expectCode: ExpectCode): void {
  describe('traces', () => {
    test('count what the run did, and leave its result as it is', async () => {
      const { outputs, trace } = await opened().run(affine('direct', { n: 100, factor: 3 }), { trace: true });
      expect([...outputs.y!.data]).toEqual(Array.from({ length: 100 }, (_, index) => 3 * (index + 1)));
      expect(trace).toMatchObject({ matchesPlain: true, truncated: false });
      const [loaded, stored] = [totalsOf(trace!, 'x'), totalsOf(trace!, 'y')];
      expect(loaded).toMatchObject({ loads: 100, stores: 0, atomics: 0, loadBytes: 400, uniqueLoaded: 100 });
      expect(stored).toMatchObject({ loads: 0, stores: 100, atomics: 0, storeBytes: 400, uniqueStored: 100 });
      expect(trace!.operations).toMatchObject({ multiply: 100, add: 0, special: 0 });
      expect(trace!.dispatches).toMatchObject([
        { kernel: 'scale.wgsl', workgroups: [2, 1, 1], workgroupSize: [64, 1, 1], stepSource: 'markers' },
      ]);
      expect(trace!.buffers.find(({ name }) => name === 'x')).toMatchObject({
        space: 'storage',
        elementBytes: 4,
        length: 100,
      });
      expect(stepSums(trace!, 'x')).toEqual({ loads: 100, stores: 0 });
      expect(stepSums(trace!, 'y')).toEqual({ loads: 0, stores: 100 });
      expect(trace!.steps.map((step) => step.ticket)).toEqual(
        [...trace!.steps].map((step) => step.ticket).sort((a, b) => a - b),
      );
    });

    test('the poison of an unwritten word is no difference', async () => {
      const { trace } = await opened().run(affine('unwritten', { n: 65 }), { trace: true });
      expect(trace!.matchesPlain).toBe(true);
      expect(totalsOf(trace!, 'y')).toMatchObject({ stores: 64 });
    });

    test('an indirect dispatch is recorded with the workgroups it took', async () => {
      const { outputs, trace } = await opened().run(affine('indirect', { n: 256 }), { trace: true });
      expect(outputs.y!.data[127]).toBe(256);
      expect(outputs.y!.data[128]).toBeNaN();
      expect(trace!.dispatches).toMatchObject([{ workgroups: [2, 1, 1] }]);
      expect(totalsOf(trace!, 'x')).toMatchObject({ loads: 128 });
    });

    test('several dispatches are one trace; a traced run moves the state as one run does', async () => {
      const session = await opened().open(affine('running-total', { n: 5, factor: 2 }));
      const { trace } = await session.run('add-twice', { trace: true });
      expect([...(await session.read('total')).data]).toEqual([4, 8, 12, 16, 20]);
      expect(trace!.matchesPlain).toBe(true);
      expect(trace!.dispatches.map(({ kernel }) => kernel)).toEqual([
        'scale.wgsl',
        'accumulate.wgsl',
        'accumulate.wgsl',
      ]);
      expect(totalsOf(trace!, 'y')).toMatchObject({ stores: 5, loads: 10, uniqueLoaded: 5 });
      expect(totalsOf(trace!, 'total')).toMatchObject({ stores: 10, loads: 10 });
      await session.run('add', { trace: { steps: false } });
      expect([...(await session.read('total')).data]).toEqual([6, 12, 18, 24, 30]);
      session.dispose();
    });

    test('what is not asked for is not recorded', async () => {
      const { trace } = await opened().run(affine('direct', { n: 4 }), {
        trace: { steps: false, touches: false, probes: false },
      });
      expect(trace!.steps).toHaveLength(0);
      expect(trace!.touches ?? []).toEqual([]);
      expect(totalsOf(trace!, 'x')).toMatchObject({ loads: 4, uniqueLoaded: 4 });
    });

    test('more steps than first planned for are recorded by a second run', async () => {
      const { trace } = await opened().run(affine('spin', { rounds: 9_000 }), { trace: true });
      expect(trace).toMatchObject({ truncated: false, matchesPlain: true });
      expect(totalsOf(trace!, 'y')).toMatchObject({ stores: 64 });
      expect(trace!.operations.multiply).toBe(9_000 * 64);
    });

    test('a recording that does not fit says so, and its totals are still exact', async () => {
      const { trace } = await opened().run(affine('running-total', { n: 60_000 }), {
        trace: { maxBytes: 60_000, touches: false },
      });
      expect(trace).toMatchObject({ truncated: true, matchesPlain: true });
      expect(totalsOf(trace!, 'x')).toMatchObject({ loads: 60_000, uniqueLoaded: 60_000 });
      expect(totalsOf(trace!, 'total')).toMatchObject({ loads: 60_000, stores: 60_000, uniqueStored: 60_000 });
    });

    test('words whose touches have no room are marked; without room for that, their number is unknown', async () => {
      const distinct = async (maxBytes: number) => {
        const { trace } = await opened().run(affine('running-total', { n: 60_000 }), { trace: { maxBytes } });
        expect(trace).toMatchObject({ truncated: true, matchesPlain: true });
        return [totalsOf(trace!, 'x')!.uniqueLoaded, totalsOf(trace!, 'total')!.uniqueStored];
      };
      expect(await distinct(20_000)).toEqual([60_000, 60_000]);
      expect(await distinct(2_500)).toEqual([Number.NaN, Number.NaN]);
    });

    test('an edited kernel is recorded as edited', async () => {
      const wgsl = scaleWgsl.replace('params.factor * x[i]', 'params.factor * x[i] + x[0]');
      const { outputs, trace } = await opened().run(
        { ...affine('direct', { n: 10, factor: 2 }), sources: { 'scale.wgsl': wgsl } },
        { trace: true },
      );
      expect(outputs.y!.data[9]).toBe(21);
      expect(totalsOf(trace!, 'x')).toMatchObject({ loads: 20, uniqueLoaded: 10 });
      const line = wgsl.split('\n').findIndex((text) => text.includes('+ x[0]')) + 1;
      expect(trace!.lines.find((each) => each.line === line)).toMatchObject({
        kernel: 'scale.wgsl',
        executions: 10,
        loads: 20,
      });
    });

    test('anyone’s kernel is recorded under its bindings’ names', async () => {
      const { outputs, trace } = await opened().runKernel(histogram, { trace: true });
      expect(outputs.counts).toEqual(tensor('u32', [4], [3, 2, 2, 1]));
      expect(trace!.matchesPlain).toBe(true);
      expect(totalsOf(trace!, 'values')).toMatchObject({ loads: 8, loadBytes: 32 });
      expect(totalsOf(trace!, 'counts')).toMatchObject({ loads: 0, stores: 0, atomics: 8 });
    });

    test('a signal stops recording', async () => {
      const signal = AbortSignal.timeout(150);
      const long = { mechanism: 'affine', variant: 'spin', config: { rounds: 20_000, passes: 1_000 } };
      await expectCode('aborted', opened().run(long, { trace: true, signal }));
    });
  });
}

const histogram: KernelSpec = {
  wgsl: `@group(0) @binding(0) var<storage, read> input: array<u32>;
@group(0) @binding(1) var<storage, read_write> bins: array<atomic<u32>>;
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  atomicAdd(&bins[input[id.x]], 1u);
}`,
  workgroups: [2, 1, 1],
  bindings: [
    { binding: 0, name: 'values', kind: 'read-only-storage', data: Uint32Array.of(0, 1, 2, 3, 0, 1, 2, 0) },
    { binding: 1, name: 'counts', kind: 'storage', byteLength: 16 },
  ],
};
