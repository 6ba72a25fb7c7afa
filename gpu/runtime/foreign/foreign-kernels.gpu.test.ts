// Kernels as others write them: numbers worked out by const-expressions, names that mean something else elsewhere. Right values by hand.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../api.ts';
import { openEngine } from '../engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const words = (...all: number[]) => Uint32Array.from(all);

test('a binding number in brackets: the output has its name, its type, its touches', async () => {
  const wgsl = `
@group(0) @binding(((0 + 1) + 1)) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) { result[i] = i + 1u; }`;
  const { outputs, trace, warnings } = await engine.runKernel(
    { wgsl, workgroups: [1, 1, 1], bindings: [{ binding: 2, kind: 'storage', data: words(5, 6, 7, 8) }] },
    { trace: true },
  );
  expect(outputs).toEqual({ result: { dtype: 'u32', shape: [4], data: words(1, 2, 7, 8) } });
  expect(trace!.totals).toMatchObject([{ buffer: 'result', loads: 0, stores: 2, uniqueStored: 2 }]);
  expect([...trace!.touches![0]!.stores]).toEqual([1, 1, 0, 0]);
  expect(warnings).toEqual([]);
});

test('a workgroup size out of float quotients: every invocation has its own number', async () => {
  const wgsl = `
const RATIO = 5.0 / 2.0 * 2.0;
const N = u32(RATIO);
@group(0) @binding(0) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(N)
fn main(@builtin(local_invocation_index) i: u32, @builtin(workgroup_id) w: vec3u) {
  let at = w.x * N + i;
  //: probe at
  result[at] = at + 1u;
}`;
  const { trace } = await engine.runKernel(
    { wgsl, workgroups: [2, 1, 1], bindings: [{ binding: 0, kind: 'storage', byteLength: 48 }] },
    { trace: true },
  );
  expect(trace!.dispatches).toMatchObject([{ workgroupSize: [5, 1, 1] }]);
  expect(trace!.totals).toMatchObject([{ buffer: 'result', stores: 10 }]);
});

test('shifts, vectors and overrides size a workgroup and its memory', async () => {
  const wgsl = `
const SIZE = vec3u(2, 2, 1);
override ROWS = (7 >> 1) - (-8 >> 2);
var<workgroup> tile: array<u32, ROWS>;
@group(0) @binding(0) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(SIZE.x, SIZE.y)
fn main(@builtin(local_invocation_index) i: u32) { tile[i] = i; result[i] = tile[i] + u32(ROWS); }`;
  const spec = { wgsl, workgroups: [1, 1, 1], bindings: [{ binding: 0, kind: 'storage', byteLength: 16 }] } as const;
  for (const [constants, rows] of [
    [{}, 5],
    [{ ROWS: 9 }, 9],
  ] as const) {
    const { outputs, trace } = await engine.runKernel(
      { ...spec, bindings: [...spec.bindings], workgroups: [1, 1, 1], constants },
      { trace: { log: true } },
    );
    expect([...outputs.result!.data]).toEqual([rows, rows + 1, rows + 2, rows + 3]);
    expect(trace!.dispatches).toMatchObject([{ workgroupSize: [2, 2, 1] }]);
    expect(trace!.buffers).toContainEqual(expect.objectContaining({ name: 'tile', length: rows }));
  }
});

test('an entry point runs with what it uses, whatever its names mean elsewhere', async () => {
  const wgsl = `
struct Box { data: array<u32> }
var<workgroup> tile: array<u32, 2>;
var<workgroup> spare: array<u32, 20000>;
@group(0) @binding(0) var<storage, read_write> box: Box;
@group(0) @binding(1) var<storage, read_write> data: array<u32>;
override scale: u32;
@compute @workgroup_size(2)
fn first(@builtin(local_invocation_index) i: u32) { let scale = 5u; tile[i] = i; workgroupBarrier(); box.data[i] = tile[i] + scale; }
@compute @workgroup_size(2)
fn second(@builtin(local_invocation_index) i: u32) { spare[i] = 1u; data[i] = i + scale; }`;
  const { outputs, trace } = await engine.runKernel(
    { wgsl, entryPoint: 'first', workgroups: [1, 1, 1], bindings: [{ binding: 0, kind: 'storage', byteLength: 16 }] },
    { trace: true },
  );
  expect([...outputs.box!.data]).toEqual([5, 6, 0, 0]);
  expect(trace!.totals).toContainEqual(expect.objectContaining({ buffer: 'box', loads: 0, stores: 2 }));
});
