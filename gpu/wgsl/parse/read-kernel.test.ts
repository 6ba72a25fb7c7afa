import { describe, expect, test } from 'vitest';
import { textInterface } from '../../plan/check-kernel.ts';
import { reflectOverrides } from '../text/reflect.ts';
import { parseModule } from './parse.ts';
import { kernelInterface, overridesOf } from './read-kernel.ts';

const kernels = import.meta.glob<string>(['../../**/*.wgsl', '!../parts/*.wgsl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

const read = (wgsl: string, entryPoint?: string, overrides: Record<string, number> = {}) =>
  kernelInterface(parseModule(wgsl, overrides), entryPoint);

describe('the reader without a parser says the same of every kernel of the project', () => {
  test('there are kernels', () => expect(Object.keys(kernels).length).toBeGreaterThan(40));

  test.each(Object.keys(kernels))('%s', (file) => {
    const wgsl = kernels[file]!;
    const module = parseModule(wgsl);
    const asked = kernelInterface(module);
    const plain = (variables: (typeof asked)['used']) =>
      variables.map(({ leastBytes: _bytes, scalar: _scalar, ...variable }) => variable);
    expect(textInterface(wgsl, undefined)).toEqual({
      ...asked,
      used: plain(asked.used),
      declared: plain(asked.declared),
    });
    expect(reflectOverrides(wgsl, asked.entryPoint)).toEqual(overridesOf(module, asked.entryPoint));
  });
});

describe('numbers are worked out as WGSL does', () => {
  const sized = (size: string, declarations = '') =>
    read(`${declarations}\n@compute @workgroup_size(${size}) fn main() {}`).workgroupSize;

  test.each([
    ['N', 'const RATIO = 5.0 / 2.0 * 2.0; const N = u32(RATIO);', [5, 1, 1]],
    ['(7 >> 1) - (-8 >> 2)', '', [5, 1, 1]],
    ['SIZE.x, SIZE.y', 'const SIZE = vec3u(2, 3, 1);', [2, 3, 1]],
    ['clamp(9, 1, 4), select(2, 7, 3 > 2)', '', [4, 7, 1]],
    ['((1 + 1) * (2 - 1)), max(1u, 3u),', '', [2, 3, 1]],
    ['-7 / 2 + 8, -7 % 4 + 4', '', [5, 1, 1]],
    ['N.yx[0] + vec2(1, 2).y', 'const N = vec2<i32>(3, 4) << vec2(1u, 0u);', [6, 1, 1]],
    ['(1u << 31) >> 30, u32(1e2 / 3)', '', [2, 33, 1]],
    ['0xffffffffu + 9u', '', [8, 1, 1]],
    ['u32(f32(16777217) - 16777209.0)', '', [7, 1, 1]],
  ])('@workgroup_size(%s) %s', (size, declarations, wanted) => {
    expect(sized(size, declarations)).toEqual(wanted);
  });

  test('overrides are what the pipeline gives them, else their default, and of a concrete type', () => {
    const wgsl = `override RATIO = 5.0 / 2.0; @id(1 + 2) override N = u32(RATIO * 2.0) + 1u; override NEGATIVE = -3;
override FLAG = true;
var<workgroup> w: array<f32, N * 4u>;
@compute @workgroup_size(N, select(1, 2 - NEGATIVE, FLAG)) fn main() { w[0] = 1.0; }`;
    expect(read(wgsl)).toMatchObject({ workgroupSize: [6, 5, 1], workgroupBytes: 96 });
    expect(read(wgsl, 'main', { 3: 7, NEGATIVE: -1, FLAG: 1 })).toMatchObject({
      workgroupSize: [7, 3, 1],
      workgroupBytes: 112,
    });
    expect(read(wgsl, 'main', { RATIO: 1.25, FLAG: 0 })).toMatchObject({ workgroupSize: [3, 1, 1] });
  });

  test('what cannot be worked out is refused by name, with its line', () => {
    expect(() => sized('countOneBits(7u) * N', 'override N: u32;')).toThrow(
      expect.objectContaining({ code: 'bad-input', field: '@workgroup_size of main', line: 2 }),
    );
    expect(() =>
      read('override N: i32;\n@group(N) @binding(0) var<storage> a: u32;\n@compute @workgroup_size(1) fn main() {}'),
    ).toThrow(expect.objectContaining({ code: 'bad-input', field: '@group of a', line: 2 }));
  });
});

describe('bindings', () => {
  test('numbers with brackets in brackets', () => {
    const wgsl = `@group(((0))) @binding(((0 + 1) + 1)) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(1) fn main() { result[0] = 1u; }`;
    expect(read(wgsl).used).toEqual([
      {
        group: 0,
        binding: 2,
        name: 'result',
        space: 'storage',
        access: 'read_write',
        type: 'array<u32>',
        leastBytes: 4,
        scalar: 'u32',
      },
    ]);
  });

  test('bytes and numbers behind a type, its aliases and structs', () => {
    const wgsl = `alias Row = vec4i; struct Cell { @size(32) a: Row, b: vec3i } struct List { n: u32, cells: array<Cell> }
@group(0) @binding(0) var<storage> rows: array<Row>;
@group(0) @binding(1) var<uniform> cell: Cell;
@group(0) @binding(2) var<storage> list: List;
@group(0) @binding(3) var image: texture_2d<f32>;
@compute @workgroup_size(1) fn main() {}`;
    const { declared, used } = read(wgsl);
    expect(used).toEqual([]);
    expect(declared.map(({ space, leastBytes, scalar }) => [space, leastBytes, scalar])).toEqual([
      ['storage', 16, 'i32'],
      ['uniform', 48, 'i32'],
      ['storage', 64, undefined],
      ['handle', undefined, undefined],
    ]);
  });
});

describe('what an entry point reaches', () => {
  test('a member, a parameter, a local of the same name is something else', () => {
    const wgsl = `struct Box { data: array<u32> }
@group(0) @binding(0) var<storage, read_write> box: Box;
@group(0) @binding(1) var<storage, read_write> data: array<u32>;
@group(0) @binding(2) var<storage, read_write> other: array<u32>;
override scale: u32;
fn twice(other: u32) -> u32 { let scale = 2u; return other * scale; }
@compute @workgroup_size(2)
fn first(@builtin(local_invocation_index) i: u32) { box.data[i] = twice(i); }
@compute @workgroup_size(2)
fn second(@builtin(local_invocation_index) i: u32) { data[i] = i + scale; }`;
    const names = (entry: string) => read(wgsl, entry, { scale: 1 }).used.map(({ name }) => name);
    expect(names('first')).toEqual(['box']);
    expect(names('second')).toEqual(['data']);
    const module = parseModule(wgsl);
    expect(overridesOf(module, 'first')).toEqual([{ name: 'scale', hasDefault: false, isUsed: false }]);
    expect(overridesOf(module, 'second')).toEqual([{ name: 'scale', hasDefault: false, isUsed: true }]);
  });

  test('through functions, pointers, aliases, constants and attributes', () => {
    const wgsl = `override A: u32; override B: u32; override C: u32; override D: u32; override E: u32;
const twice = 2; alias Row = array<u32, A>;
var<workgroup> row: Row; var<workgroup> spare: array<u32, B>;
var<private> start = C;
@group(0) @binding(0) var<storage, read_write> o: u32;
fn fill(at: ptr<workgroup, Row>) { (*at)[0] = start; leaf(); }
fn leaf() { o = 1u; }
@compute @workgroup_size(D) fn main() { fill(&row); }`;
    expect(
      overridesOf(parseModule(wgsl), 'main')
        .filter(({ isUsed }) => isUsed)
        .map(({ name }) => name),
    ).toEqual(['A', 'C', 'D']);
    const asked = read(wgsl, 'main', { A: 5, B: 1000, C: 1, D: 3 });
    expect(asked).toMatchObject({ workgroupSize: [3, 1, 1], workgroupBytes: 32 });
    expect(asked.used.map(({ name }) => name)).toEqual(['o']);
  });
});

test.each([
  [
    'requires immediate_address_space;\nstruct Push { words: u32 } var<immediate> pc: Push;',
    'pc.words',
    'immediate',
    'pc',
  ],
  ['@group(0) @binding(1) var<storage> raw: buffer<64>;', 'bufferView<u32>(&raw, 0u)', 'buffer view', 'raw'],
  ['var<workgroup> raw: buffer<64>;', '*bufferView<u32>(&raw, 0u)', 'buffer view', 'raw'],
])(
  'memory of a newer kind is refused by name, with its line, where it is used: %s',
  (declaration, value, what, name) => {
    const kernel = (used: string) => `${declaration}
@group(0) @binding(0) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(1) fn main() { result[0] = ${used}; }
@compute @workgroup_size(1) fn other() { result[0] = 1u; }`;
    expect(() => read(kernel(value), 'main')).toThrow(
      expect.objectContaining({
        code: 'unsupported-construct',
        line: declaration.split('\n').length,
        message: expect.stringMatching(new RegExp(`${name}.*${what}.* not supported; `)),
      }),
    );
    expect(read(kernel(value), 'other').used.map((each) => each.name)).toEqual(['result']);
  },
);

test('a type of the kernel’s own may be called buffer', () => {
  const wgsl = `struct buffer { items: array<u32> } @group(0) @binding(0) var<storage, read_write> result: buffer;
@compute @workgroup_size(1) fn main() { result.items[0] = 1u; }`;
  expect(read(wgsl).used[0]).toMatchObject({ name: 'result', leastBytes: 4 });
});
