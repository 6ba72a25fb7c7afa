import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { bake, tunables, withValuesOf } from './bake.ts';

const kernel = `// a kernel
const BR: u32 = 16u;          // query rows per tile   @tune 8 16 32 64
const SHIFT: i32 = -3; // offset @shape
const SCALE: f32 = 0.125; // softmax scale @shape
const EXACT: f32 = 2.5f; // with suffix @tune 1.5 2.5
const CAUSAL: bool = true; // mask @flag
const MASK: u32 = 0xffu; // bits @tune 0x0f 0xff
const PLAIN: u32 = 4u; // not marked
/* const HIDDEN: u32 = 1u; // @tune 1 2
const GONE: u32 = 1u; // @tune 1 2
*/
var<workgroup> t: array<f32, BR>;
`;

function refusal(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const defaults = Object.fromEntries(tunables(kernel).map(({ name, value }) => [name, value]));

describe('tunables', () => {
  test('lists the marked constants with type, value, kind and choices', () => {
    expect(tunables(kernel).map(({ name, type, value, kind, choices }) => [name, type, value, kind, choices])).toEqual([
      ['BR', 'u32', 16, 'tune', [8, 16, 32, 64]],
      ['SHIFT', 'i32', -3, 'shape', []],
      ['SCALE', 'f32', 0.125, 'shape', []],
      ['EXACT', 'f32', 2.5, 'tune', [1.5, 2.5]],
      ['CAUSAL', 'bool', true, 'flag', [false, true]],
      ['MASK', 'u32', 255, 'tune', [15, 255]],
    ]);
    expect(tunables(kernel)[0]).toMatchObject({ meaning: 'query rows per tile', line: 2 });
  });

  test('a marked constant without a literal value is refused with its line', () => {
    const error = refusal(() => tunables('\nconst A: u32 = B; // @tune 1'));
    expect(error).toMatchObject({ code: 'bad-input', field: 'A', value: 'B', line: 2 });
  });
});

// What the lines were found by before; of texts that are no attack it is right, and a second reading of the same rule.
const LINE =
  /^([ \t]*const[ \t]+([\p{XID_Start}_]\p{XID_Continue}*)[ \t]*:[ \t]*(u32|i32|f32|f16|bool)[ \t]*=[ \t]*)([^;\n\r\u2028\u2029]*?)[ \t]*;[ \t]*\/\/(.*?)@(tune|shape|flag)\b(.*)$/gmu;

test('lines are marked constants exactly where a pattern says so', () => {
  const piece = fc.constantFrom(
    ...[
      'const',
      ' ',
      '\t',
      'A',
      'bé',
      '_c9',
      ':',
      'u32',
      'bool',
      '=',
      '4u',
      'true',
      ';',
      '//',
      '@tune',
      '@flag',
      '8',
      '\n',
      '\r',
    ],
    ...[
      'const A: u32 = 4u;',
      ' // rows @tune 4 8',
      ' // @flags',
      ' // @shape',
      '@tuned @tune 4',
      'const B : bool= true ;//@flag',
    ],
  );
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const source = pieces.join('');
      const expected = Array.from(source.matchAll(LINE), ([, , name, , value]) => `${name} ${value}`);
      let names: string[];
      try {
        names = tunables(source).map(({ name }) => name);
      } catch (error) {
        names = [(error as EngineError).field!];
        expect(expected.map((each) => each.split(' ')[0])).toContain(names[0]);
        return;
      }
      // The pattern sees no block comments, and there are none.
      expect(names).toEqual(expected.map((each) => each.split(' ')[0]));
      found += names.length;
    }),
    { numRuns: 5000 },
  );
  expect(found).toBeGreaterThan(100);
});

test.each([
  ['blanks before a value that never ends', `const A: u32 = 1${' '.repeat(50_000)}x // @tune`],
  ['blanks on blank lines', `${' '.repeat(50_000)}\n`.repeat(2)],
  ['blanks between the parts', `const A${' '.repeat(30_000)}:${' '.repeat(30_000)}u32${' '.repeat(30_000)}=`],
  ['many beginnings', 'const A: u32 = '.repeat(6000)],
  ['many signs @', `const A: u32 = 1; //${'@tun'.repeat(20_000)}`],
  ['99,000 line breaks', '\n'.repeat(99_000)],
  ['thousands of constants', 'const A: u32 = 1; // @tune 1\n'.repeat(3000)],
  ['a long hexadecimal number', `const A: u32 = 0x${'a'.repeat(90_000)}g; //@tune`],
  ['a long number', `const A: u32 = ${'1'.repeat(90_000)}; //@tune`],
])('%s: read or refused at once', (_, source) => {
  const before = performance.now();
  withValuesOf(source, kernel);
  withValuesOf(kernel, source);
  expect(performance.now() - before).toBeLessThan(2000);
});

describe('bake', () => {
  test('replaces the value and nothing else', () => {
    const baked = bake(kernel, { ...defaults, BR: 64, SHIFT: 7, SCALE: 2, CAUSAL: false });
    expect(baked).toBe(
      kernel
        .replace('= 16u;', '= 64u;')
        .replace('= -3;', '= 7;')
        .replace('= 0.125;', '= 2.0;')
        .replace('= true;', '= false;'),
    );
  });

  test('baking the values that stand there returns the same text', () => {
    expect(bake(kernel, defaults)).toBe(kernel);
    expect(bake(kernel, {}, { partial: true })).toBe(kernel);
  });

  test('any values: the line count stays, the values can be read back, and baking back restores the text', () => {
    const values = fc.record({
      BR: fc.nat(0xffffffff),
      SHIFT: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
      SCALE: fc.float({ noNaN: true, noDefaultInfinity: true }),
      EXACT: fc.float({ noNaN: true, noDefaultInfinity: true }),
      CAUSAL: fc.boolean(),
      MASK: fc.nat(0xffffffff),
    });
    fc.assert(
      fc.property(values, (each) => {
        const baked = bake(kernel, each);
        expect(baked.split('\n').length).toBe(kernel.split('\n').length);
        expect(Object.fromEntries(tunables(baked).map(({ name, value }) => [name, value]))).toEqual(each);
        const back = tunables(bake(baked, defaults)).map(({ value }) => value);
        expect(back).toEqual(tunables(kernel).map(({ value }) => value));
      }),
    );
  });

  test.each([
    [{ ...defaults, BRR: 1 }, 'unknown-constant', 'BRR'],
    [{ ...defaults, PLAIN: 1 }, 'unknown-constant', 'PLAIN'],
    [{ ...defaults, HIDDEN: 1 }, 'unknown-constant', 'HIDDEN'],
    [{ BR: 8 }, 'unknown-constant', 'SHIFT'],
    [{ ...defaults, BR: -1 }, 'bad-config', 'BR'],
    [{ ...defaults, BR: 1.5 }, 'bad-config', 'BR'],
    [{ ...defaults, BR: true }, 'bad-config', 'BR'],
    [{ ...defaults, SHIFT: 2 ** 31 }, 'bad-config', 'SHIFT'],
    [{ ...defaults, SCALE: Number.NaN }, 'bad-config', 'SCALE'],
    [{ ...defaults, SCALE: Number.POSITIVE_INFINITY }, 'bad-config', 'SCALE'],
    [{ ...defaults, CAUSAL: 2 }, 'bad-config', 'CAUSAL'],
  ])('refuses %o with %s, naming %s', (values, code, field) => {
    expect(refusal(() => bake(kernel, values))).toMatchObject({ code, field });
  });
});

describe('withValuesOf', () => {
  test('undoes whatever was baked, and keeps every other edit', () => {
    const baked = bake(kernel, { BR: 64, SHIFT: 7, SCALE: 3, EXACT: 1.5, CAUSAL: false, MASK: 1 });
    expect(baked).not.toBe(kernel);
    expect(withValuesOf(baked, kernel)).toBe(kernel);
    const edited = baked.replace('PLAIN: u32 = 4u', 'PLAIN: u32 = 5u');
    expect(withValuesOf(edited, kernel)).toBe(kernel.replace('PLAIN: u32 = 4u', 'PLAIN: u32 = 5u'));
  });

  test('leaves alone what is of another type, marked nowhere else, or no literal', () => {
    const retyped = kernel.replace('BR: u32 = 16u', 'BR: i32 = 8i');
    expect(withValuesOf(retyped, kernel)).toBe(retyped);
    const added = `${kernel}const NEW: u32 = 3u; // mine @tune 3 4\n`;
    expect(withValuesOf(added, kernel)).toBe(added);
    const unfinished = kernel.replace('BR: u32 = 16u', 'BR: u32 = 2u * 4u');
    expect(withValuesOf(unfinished, kernel)).toBe(unfinished);
  });
});
