// An index out of range is shown at the word it reached: the last element of what it indexes, never a neighbour of that.

import { beforeAll, expect, test } from 'vitest';
import { expectConsistent } from '../testing/expect-counts.ts';
import { FIRST_WORD, RandomPlaces, WORDS } from '../testing/random-places.ts';
import { openDevice, type TracedKernel, traceKernel } from '../testing/trace-kernel.ts';

const PROGRAMS = 40;

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const nonzero = (words: Uint32Array) => [...words.keys()].filter((word) => words[word] !== 0);

function touched({ trace }: TracedKernel, buffer: string, kind: 'loads' | 'stores'): number[] {
  const touches = trace.touches?.find((each) => each.buffer === buffer);
  return touches ? nonzero(touches[kind]) : [];
}

test.each([
  [
    'before the start of an array',
    'struct List { count: u32, items: array<u32> }',
    'List',
    'cells.items[w.x - 1u] = 9u;',
    [15],
  ],
  ['past the end of an inner array', '', 'array<array<u32, 4>, 4>', 'cells[w.x + 1u][i32(w.x) + 5] = 9u;', [7]],
  ['an array of vectors', '', 'array<vec4u>', 'cells[w.x - 1u] = vec4u(9u);', [12, 13, 14, 15]],
  ['a constant past the end', '', 'array<vec4u>', 'cells[4000000000u] = vec4u(9u);', [12, 13, 14, 15]],
  ['past the end of a vector', '', 'array<vec3u>', 'cells[w.x][w.x + 4u] = 9u;', [2]],
  ['a component of a matrix', '', 'array<mat2x3f>', 'cells[w.x + 1u][i32(w.x) - 1][w.x + 3u] = 9.0;', [14]],
  ['an element by pointer', '', 'array<array<vec2u, 4>>', 'let p = &cells[w.x - 1u]; (*p)[w.x + 9u].y = 9u;', [15]],
] as const)('%s', async (_what, declarations, type, statement, words) => {
  const wgsl = `${declarations}
@group(0) @binding(0) var<storage, read_write> cells: ${type};
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) { ${statement} }`;
  const kernel = { wgsl, workgroups: [1, 1, 1] as [number, number, number], data: { cells: new Uint32Array(16) } };
  const run = await traceKernel(device, kernel, { log: true });
  expect(nonzero(run.plain.cells!), 'the words that changed').toEqual(words);
  expect(touched(run, 'cells', 'stores')).toEqual(words);
  expect(run.trace.totals[0]!.uniqueStored).toBe(words.length);
  expect([...run.trace.log!.index]).toEqual(words);
});

test('workgroup memory, too, sized by an override as well', async () => {
  const wgsl = `
override SIZE = 4;
@group(0) @binding(0) var<storage, read_write> o: array<u32>;
var<workgroup> rows: array<array<u32, 3>, 2>;
var<workgroup> open: array<u32, SIZE>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) {
  rows[w.x][w.x + 7u] = 1u;
  open[w.x - 1u] = 2u;
  o[0] = rows[0][2] + open[3];
}`;
  const kernel = { wgsl, workgroups: [1, 1, 1] as [number, number, number], data: { o: new Uint32Array(1) } };
  const { trace, plain } = await traceKernel(device, kernel, { log: true });
  expect([...plain.o!]).toEqual([3]);
  const log = trace.log!;
  const reached = trace.buffers.map(({ name }, buffer) => ({
    name,
    stored: [...log.index].filter((_, i) => log.buffer[i] === buffer && log.kind[i] === 1),
  }));
  expect(reached).toContainEqual({ name: 'rows', stored: [2] });
  expect(reached).toContainEqual({ name: 'open', stored: [3] });
});

test(`${PROGRAMS} random programs touch the words that changed, and those that they saw`, async () => {
  const swizzles = navigator.gpu.wgslLanguageFeatures.has('swizzle_assignment');
  let outOfPlace = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const program = new RandomPlaces(seed, swizzles);
    const data = {
      at: program.at,
      stored: new Uint32Array(WORDS),
      loaded: Uint32Array.from({ length: WORDS }, (_, word) => FIRST_WORD + word),
      seen: new Uint32Array(program.loads),
    };
    const run = await traceKernel(device, { wgsl: program.wgsl, workgroups: [1, 1, 1], data });
    const label = `seed ${seed}\n${program.wgsl}\nat ${program.at}`;
    expect(run.traced, label).toEqual(run.plain);
    expectConsistent(run);
    const changed = nonzero(run.plain.stored!);
    const stored = touched(run, 'stored', 'stores');
    if (!program.hasSwizzles) expect(stored, label).toEqual(changed);
    expect(
      changed.filter((word) => !stored.includes(word)),
      label,
    ).toEqual([]);
    const seen = [...new Set([...run.plain.seen!].map((value) => value - FIRST_WORD))].sort((a, b) => a - b);
    expect(touched(run, 'loaded', 'loads'), label).toEqual(seen);
    outOfPlace += changed.length;
  }
  expect(outOfPlace, 'the programs do something').toBeGreaterThan(3 * PROGRAMS);
});
