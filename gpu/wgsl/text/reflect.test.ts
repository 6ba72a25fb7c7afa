import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { blankComments } from './comments.ts';
import { evaluateInteger } from './const-eval.ts';
import { freeGroup } from './free-group.ts';
import { reflectBindings, reflectEntryPoints, reflectStruct, requireEntryPoint } from './reflect.ts';

const kernel = `
const TILE = 4u; // @not a marker
override ROWS: u32 = TILE * 2;
struct Params { /* sizes */ nq: u32, // rows
  @align(16) scale: f32, counts: vec2<u32> }
@group(0) @binding(0) var<storage, read> q: array<f32>;
@binding(1) @group(0) var<storage,read_write> o : array<vec4<f32>> ;
@group(0) @binding(2 + 0) var<uniform> params: Params;
// @group(0) @binding(9) var<storage> commented: array<f32>;
@group(TILE - 2) @binding(0) var<storage> extra: array<atomic<u32>, 4>;
@group(3) @binding(0) var image: texture_2d<f32>;
var<workgroup> tile: array<f32, 16>;
fn helper(i: u32) -> f32 { return q[i]; }
@compute @workgroup_size(TILE, ROWS / 2u) fn first(@builtin(local_invocation_index) i: u32) { o[i] = vec4f(helper(i)); }
@compute @workgroup_size(64) fn second() { _ = extra[0]; }
@fragment fn third() -> @location(0) vec4f { return vec4f(); }
`;

describe('bindings', () => {
  test('are listed by group and binding, with space, access and type', () => {
    expect(reflectBindings(kernel).map((each) => Object.values(each))).toEqual([
      [0, 0, 'q', 'storage', 'read', 'array<f32>'],
      [0, 1, 'o', 'storage', 'read_write', 'array<vec4<f32>>'],
      [0, 2, 'params', 'uniform', 'read', 'Params'],
      [2, 0, 'extra', 'storage', 'read', 'array<atomic<u32>, 4>'],
      [3, 0, 'image', 'handle', 'read', 'texture_2d<f32>'],
    ]);
  });

  test('of one entry point are those its code reaches', () => {
    expect(reflectBindings(kernel, 'first').map(({ name }) => name)).toEqual(['q', 'o']);
    expect(reflectBindings(kernel, 'second').map(({ name }) => name)).toEqual(['extra']);
  });

  test('the recorder takes the first free group, or says that there is none', () => {
    expect(freeGroup(reflectBindings(kernel))).toBe(1);
    expect(() => freeGroup(reflectBindings(`${kernel}@group(1) @binding(0) var<storage> x: array<f32>;`))).toThrow(
      expect.objectContaining({ code: 'limit-exceeded', limit: 4 }),
    );
  });
});

test('struct members come in order with their types', () => {
  expect(reflectStruct(kernel)).toEqual([
    { name: 'nq', type: 'u32' },
    { name: 'scale', type: 'f32' },
    { name: 'counts', type: 'vec2<u32>' },
  ]);
  expect(reflectStruct(kernel, 'Missing')).toBeUndefined();
});

describe('entry points', () => {
  test('are the compute functions, their sizes worked out', () => {
    expect(reflectEntryPoints(kernel)).toEqual([
      { name: 'first', workgroupSize: [4, 4, 1] },
      { name: 'second', workgroupSize: [64, 1, 1] },
    ]);
    expect(reflectEntryPoints(kernel, { ROWS: 32 })[0]!.workgroupSize).toEqual([4, 16, 1]);
  });

  test('overrides are known by name or by id, with or without a default', () => {
    const source = '@id(7) override W: u32; override H = 2u; @compute @workgroup_size(W, H) fn main() {}';
    expect(reflectEntryPoints(source, { 7: 16 })[0]!.workgroupSize).toEqual([16, 2, 1]);
    expect(reflectEntryPoints(source, { W: 8, H: 4 })[0]!.workgroupSize).toEqual([8, 4, 1]);
    expect(() => reflectEntryPoints(source)).toThrow(EngineError);
  });

  test('one must be named when there are several, and be there', () => {
    expect(requireEntryPoint(kernel, 'second').name).toBe('second');
    for (const name of [undefined, 'third', 'main'])
      expect(() => requireEntryPoint(kernel, name)).toThrow(
        expect.objectContaining({ code: 'bad-input', limit: ['first', 'second'] }),
      );
    expect(() => requireEntryPoint('fn f() {}')).toThrow(EngineError);
  });

  test('a size that is no const-expression is refused', () => {
    expect(() => reflectEntryPoints('@compute @workgroup_size(n) fn main() {}')).toThrow(
      expect.objectContaining({ code: 'bad-input', value: 'n' }),
    );
  });
});

describe('comments', () => {
  test('are blanked, nested ones too, and nothing moves', () => {
    const source = 'a /* b /* c */ d */ e // f\n/**/ g / h // /* i\nj';
    const code = blankComments(source);
    expect(code.length).toBe(source.length);
    expect(code.replace(/ +/g, ' ')).toBe('a e \n g / h \nj');
    for (const name of 'aeghj') expect(code.indexOf(name)).toBe(source.lastIndexOf(name));
  });

  test('any text keeps its length and its line breaks', () => {
    const text = fc.array(fc.constantFrom('/', '*', '\n', ' ', 'x', '//', '/*', '*/')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const code = blankComments(source);
        expect(code.length).toBe(source.length);
        expect(code).not.toContain('//');
        for (let i = 0; i < source.length; i++)
          expect(code[i] === source[i] || (code[i] === ' ' && source[i] !== '\n')).toBe(true);
      }),
    );
  });
});

describe('integer const-expressions', () => {
  const lookup = (name: string) => ({ A: 6, B: 4 })[name];
  test.each([
    ['A * B + 2u', 26],
    ['2u + A * B', 26],
    ['(A + 2) % B', 0],
    ['A / B * B', 4],
    ['-A + 0x10', 10],
    ['1u << B', 16],
    ['max(A, B) - min(A, B,)', 2],
    ['u32(A)', 6],
    ['A - B - 1', 1],
  ])('%s = %d', (text, value) => {
    expect(evaluateInteger(text, lookup)).toBe(value);
  });
  test.each(['C', 'A +', '', 'A B', 'f(A)', 'A / 0u', 'A ? B : 1', '(A'])('"%s" is not one', (text) => {
    expect(evaluateInteger(text, lookup)).toBeUndefined();
  });
});
