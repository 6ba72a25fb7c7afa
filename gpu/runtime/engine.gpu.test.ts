import { expect, test } from 'vitest';
import { mechanisms } from '../mechanisms/registry.ts';
import { models } from '../model/registry.ts';
import { DirectEngine } from './engine.ts';
import { affine } from './testing/affine.ts';

test('smoke', async () => {
  const engine = await DirectEngine.open({}, { mechanisms: new Map([...mechanisms, ['affine', affine]]), models });
  console.log(JSON.stringify(engine.adapter));
  const run = await engine.run({ mechanism: 'affine', variant: 'direct', config: { n: 100 } });
  expect([...run.outputs.y!.data]).toEqual(Array.from({ length: 100 }, (_, i) => 2 * (i + 1)));
  const unwritten = await engine.run({ mechanism: 'affine', variant: 'unwritten', config: { n: 100 } });
  expect(unwritten.outputs.y!.data[99]).toBeNaN();
  const session = await engine.open({ mechanism: 'affine', variant: 'running-total', config: { n: 3 } });
  await session.run('add');
  await session.run('add-twice');
  expect([...(await session.read('total')).data]).toEqual([6, 12, 18]);
  const k = await engine.runKernel({
    wgsl: `@group(0) @binding(3) var<storage, read_write> a: array<atomic<u32>>;
    @compute @workgroup_size(32) fn main() { atomicAdd(&a[0], 1u); }`,
    workgroups: [3, 2, 1],
    bindings: [{ binding: 3, kind: 'storage', byteLength: 4 }],
  });
  expect(k.outputs).toEqual({ a: { shape: [1], dtype: 'u32', data: Uint32Array.of(192) } });
});

test('measure', async () => {
  const engine = await DirectEngine.open({}, { mechanisms: new Map([...mechanisms, ['affine', affine]]), models });
  const spin = (rounds: number) => ({ mechanism: 'affine', variant: 'spin', config: { rounds } });
  const m = await engine.measure([
    spin(20000),
    spin(20000),
    spin(40000),
    { mechanism: 'affine', variant: 'running-total', config: { n: 100000 } },
  ]);
  console.log(JSON.stringify(m, null, 1));
});
