// Accesses past the end are counted by dispatch, workgroup, buffer and line, and nothing of what a kernel computes changes by that.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OutOfBounds } from '../../trace/trace.ts';
import { openDevice, type TestKernel, type TracedKernel, traceKernel } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

type Counts = [loads: number, stores: number, atomics: number];

/** 'buffer line workgroup' → counts. */
function rowsOf({ trace }: Pick<TracedKernel, 'trace'>): Record<string, Counts> {
  const rows = trace.outOfBounds!.map((row): [string, Counts] => [
    `${row.buffer} ${row.line} ${row.workgroup}`,
    [row.loads, row.stores, row.atomics],
  ]);
  expect(new Set(rows.map(([key]) => key)).size, 'a row for each place').toBe(rows.length);
  return Object.fromEntries(rows);
}

async function traceUnchanged(kernel: TestKernel, options = {}): Promise<TracedKernel> {
  const run = await traceKernel(device, kernel, options);
  expect(run.traced, 'the traced kernel computes what the plain one does').toEqual(run.plain);
  return run;
}

describe('a loop in tiles of four that goes one past the end', () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> v: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) {
  for (var k = 0u; k < 4u; k++) {
    let at = 4u * w.x + k;
    if (at <= arrayLength(&v)) {
      o[at] = v[at];
    }
  }
}`;
  test.each([3, 4, 5])('over %i numbers', async (length) => {
    const data = { v: Float32Array.from({ length }, (_, i) => i + 1), o: new Float32Array(8) };
    const run = await traceUnchanged({ wgsl, workgroups: [2, 1, 1], data });
    expect(rowsOf(run)).toEqual({ [`v 9 ${Math.floor(length / 4)}`]: [1, 0, 0] });
  });
});

test('what stays inside leaves no row, with a whole buffer used to its last element', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> v: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> o: array<array<f32, 4>>;
var<workgroup> tile: array<f32, 4>;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) i: u32) {
  tile[3u - i] = v[1][i];
  workgroupBarrier();
  o[i / 2u][i] = tile[i] + v[i / 2u].w;
}`;
  const data = { v: Float32Array.from({ length: 8 }, (_, i) => i), o: new Float32Array(8) };
  const run = await traceUnchanged({ wgsl, workgroups: [1, 1, 1], data }, { log: true });
  expect(run.trace.outOfBounds).toEqual([]);
});

test.each([
  ['a constant', 'array<u32>', 'o[5] = v[0u];', { 'o 5 0': [0, 1, 0] }],
  ['a constant behind a member', 'List', 'o.items[4] = v[0u];', { 'o 5 0': [0, 1, 0] }],
  [
    'a negative index',
    'array<vec4u>',
    'o[i32(w.x) - 1] = vec4u(v[i32(w.x) - 7]);',
    { 'o 5 0': [0, 1, 0], 'v 5 0': [1, 0, 0] },
  ],
  ['both indexes of one access', 'array<vec2u>', 'o[w.x + 9u][w.x + 2u] += 1u;', { 'o 5 0': [1, 1, 0] }],
  ['the first of three', 'array<array<vec2u, 2>>', 'o[w.x + 9u][w.x][w.x] = 1u;', { 'o 5 0': [0, 1, 0] }],
  ['the one in between', 'array<array<vec2u, 2>>', 'o[w.x][w.x + 2u][w.x] = 1u;', { 'o 5 0': [0, 1, 0] }],
  ['an atomic', 'array<atomic<u32>>', 'atomicAdd(&o[w.x + 4u], 1u);', { 'o 5 0': [0, 0, 1] }],
  ['an index within an index', 'array<u32>', 'o[v[w.x + 4u] - v[3]] = 1u;', { 'v 5 0': [1, 0, 0] }],
  [
    'a pointer used twice',
    'array<vec2u>',
    'let p = &o[w.x + 2u]; *p = vec2u(1u); (*p).y += 1u;',
    { 'o 5 0': [1, 2, 0] },
  ],
  ['a pointer used never', 'array<vec2u>', 'let p = &o[w.x + 2u]; o[w.x].x = 1u;', {}],
  ['a pointer handed on', 'array<u32>', 'put(&o[w.x + 4u]); put(&o[w.x]);', { 'o 3 0': [0, 1, 0] }],
  ['behind &&', 'array<u32>', 'if (w.x == 0u && v[w.x + 4u] > 0u) { o[0] = 1u; }', { 'v 5 0': [1, 0, 0] }],
] as [string, string, string, Record<string, Counts>][])('%s', async (_what, type, statement, rows) => {
  const helper = type === 'array<u32>' ? 'fn put(p: ptr<storage, u32, read_write>) {\n*p = 7u; }' : '\n';
  const wgsl = `struct List { count: u32, items: array<u32> } @group(0) @binding(0) var<storage, read> v: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: ${type}; ${helper}
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) w: vec3u) {
${statement} }`;
  const data = { v: Uint32Array.of(1, 2, 3, 4), o: new Uint32Array(type.includes('array<vec2u, 2>') ? 8 : 4) };
  const run = await traceUnchanged({ wgsl, workgroups: [1, 1, 1], data });
  expect(rowsOf(run)).toEqual(rows);
});

test.each([
  ['an element', 'tile[v[w.x + 3u]] = vec2u(1u); tile[v[w.x]].y = 3u;', { 'tile 7 0': [0, 1, 0] }],
  ['a component, of both ways', 'tile[v[w.x]][v[1]] += 1u;', { 'tile 7 0': [1, 1, 0] }],
  ['the one in between', 'rows[v[w.x]][v[3]][v[w.x]] = 1u;', { 'rows 7 0': [0, 1, 0] }],
  ['an atomic', 'atomicAdd(&sums[v[w.x + 3u]], 1u); atomicAdd(&sums[v[w.x]], 1u);', { 'sums 7 0': [0, 0, 1] }],
  ['a pointer used twice', 'let p = &tile[v[3]]; *p = vec2u(1u); (*p).y += 1u;', { 'tile 7 0': [1, 2, 0] }],
  ['pointers handed on', 'put(&flat[v[w.x + 3u]]); put(&flat[v[w.x]]); put(&flat[1]);', { 'flat 5 0': [0, 1, 0] }],
  ['a uniform load', 'o[0] = workgroupUniformLoad(&flat[v[3]]);', { 'flat 7 0': [1, 0, 0] }],
  ['a loop that goes one past', 'for (var i = 0u; i <= v[2]; i++) { flat[i] = i; }', { 'flat 7 0': [0, 1, 0] }],
] as [string, string, Record<string, Counts>][])('workgroup memory: %s', async (_what, statement, rows) => {
  const wgsl = `@group(0) @binding(0) var<storage, read> v: array<u32>; @group(0) @binding(1) var<storage, read_write> o: array<u32>;
var<workgroup> tile: array<vec2u, 4>; var<workgroup> rows: array<array<vec2u, 3>, 4>;
var<workgroup> sums: array<atomic<u32>, 4>; var<workgroup> flat: array<u32, 4>;
fn put(p: ptr<workgroup, u32>) {
*p = 7u; }
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) w: vec3u) {
${statement}
workgroupBarrier();
for (var i = 0u; i < 4u; i++) { o[i] += tile[i].x + 3u * tile[i].y + 5u * atomicLoad(&sums[i]) + 7u * flat[i]; }
o[4] = rows[3][2].x + rows[3][2].y + rows[0][0].x + rows[1][2].y; }`;
  const kernel = { wgsl, workgroups: [1, 1, 1] as [number, number, number] };
  for (const log of [false, true]) {
    const run = await traceUnchanged(
      { ...kernel, data: { v: Uint32Array.of(1, 2, 4, 9), o: new Uint32Array(5) } },
      { log },
    );
    expect(rowsOf(run), log ? 'with a log' : 'without').toEqual(rows);
  }
});

test('workgroups that are too many to be counted apart are counted together', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> o: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) { o[w.x] = 1u; }`;
  const kernel = { wgsl, workgroups: [20_000, 1, 1] as [number, number, number], data: { o: new Uint32Array(5) } };
  const { trace } = await traceUnchanged(kernel, { steps: false });
  const row: OutOfBounds = { dispatch: 0, buffer: 'o', line: 4, loads: 0, stores: 19_995, atomics: 0 };
  expect(trace.outOfBounds).toEqual([row]);
});

describe('random indexes', () => {
  const INVOCATIONS = 4;
  const wgsl = `struct List { head: vec2u, items: array<u32> }
@group(0) @binding(0) var<storage, read> at: array<i32, 16>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> list: List;
@group(0) @binding(3) var<storage, read_write> o: array<array<f32, 3>>;
@group(0) @binding(4) var<storage, read_write> sums: array<atomic<u32>>;
@compute @workgroup_size(2)
fn main(@builtin(global_invocation_id) g: vec3u) {
  let i = at[4u * g.x];
  let j = at[4u * g.x + 1u];
  var x = v[i].x;
  x += v[i][j];
  list.items[j] += 1u;
  o[i][u32(j)] = x;
  let row = &o[at[4u * g.x + 2u]];
  (*row)[i] += (*row)[j];
  atomicMax(&sums[j - i], 1u);
}`;

  /** What each line does out of range, by definition: for each invocation, in the words of the kernel. */
  function emulated(at: readonly number[], length: Record<'v' | 'items' | 'o' | 'sums', number>) {
    const rows: Record<string, Counts> = {};
    for (let g = 0; g < INVOCATIONS; g++) {
      const [i, j, k] = at.slice(4 * g) as [number, number, number];
      const out = (index: number, count: number) => (index < 0 || index >= count ? 1 : 0);
      const note = (buffer: string, line: number, kind: 0 | 1 | 2, astray: number) => {
        if (!astray) return;
        const key = `${buffer} ${line} ${Math.floor(g / 2)}`;
        rows[key] ??= [0, 0, 0];
        rows[key][kind]++;
      };
      note('v', 11, 0, out(i, length.v));
      note('v', 12, 0, out(i, length.v) | out(j, 4));
      for (const kind of [0, 1] as const) note('list', 13, kind, out(j, length.items));
      note('o', 14, 1, out(i, length.o) | out(j, 3));
      for (const kind of [0, 1] as const) note('o', 16, kind, out(k, length.o) | out(i, 3));
      note('o', 16, 0, out(k, length.o) | out(j, 3));
      note('sums', 17, 2, out((j - i) | 0, length.sums));
    }
    return rows;
  }

  test('are counted as a loop over them says', async () => {
    const index = fc.oneof(
      fc.integer({ min: -1, max: 6 }),
      fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, -7, 1_000_000, 2 ** 30),
    );
    const length = fc.integer({ min: 1, max: 5 });
    let astray = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(index, { minLength: 16, maxLength: 16 }),
        fc.record({ v: length, items: length, o: length, sums: length }),
        async (at, lengths) => {
          const data = {
            at: Int32Array.from(at),
            v: Float32Array.from({ length: 4 * lengths.v }, (_, word) => word),
            // A struct is as long as a multiple of its alignment: so is what is bound.
            list: new Uint32Array(2 + lengths.items),
            o: new Float32Array(3 * lengths.o),
            sums: new Uint32Array(lengths.sums),
          };
          const run = await traceKernel(device, { wgsl, workgroups: [2, 1, 1], data });
          const rows = emulated(at, lengths);
          expect(rowsOf(run)).toEqual(rows);
          astray += Object.keys(rows).length;
        },
      ),
      { numRuns: 12, seed: 8 },
    );
    expect(astray).toBeGreaterThan(12);
  });
});
