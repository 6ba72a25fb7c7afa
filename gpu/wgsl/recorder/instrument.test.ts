import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { guard } from '../guard/guard.ts';
import { removeEdits } from '../testing/remove-edits.ts';
import type { InstrumentOptions } from '../text/recorder-contract.ts';
import { instrument } from './instrument.ts';

const ALL: InstrumentOptions = { steps: true, touches: true, log: false, probes: true };

// Parts are ends of kernels, and no kernels themselves.
const kernels = import.meta.glob<string>(['../../**/*.wgsl', '!../parts/*.wgsl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Wraps statements into a kernel with a float buffer `q` and an output `o`. */
const body = (statements: string, rest = '') => `
@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
var<workgroup> w: array<f32, 4>;
${rest}
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) i: u32) {
${statements}
}`;

function refusal(wgsl: string, options = ALL): EngineError {
  try {
    instrument(wgsl, options);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the inserted text', () => {
  test('there are kernels to look at', () => {
    expect(Object.keys(kernels).length).toBeGreaterThanOrEqual(9);
  });

  test.each(Object.keys(kernels))('taken out of %s gives the source back, byte for byte, line for line', (file) => {
    const source = kernels[file]!;
    for (const options of [
      ALL,
      { ...ALL, steps: false },
      { ...ALL, touches: false, probes: false },
      { ...ALL, log: true, loopBudget: 1000 },
    ]) {
      const { wgsl, edits } = instrument(source, options);
      expect(removeEdits(wgsl, edits)).toBe(source);
      // Code is added on existing lines and behind the last one: every line number stays.
      expect(edits.every(({ offset, text }) => offset === source.length || !text.includes('\n'))).toBe(true);
    }
    const guarded = guard(source, 1000);
    expect(removeEdits(guarded.wgsl, guarded.edits)).toBe(source);
  });

  test('uses names the kernel does not have', () => {
    const { wgsl } = instrument(body('let t_n0 = q[i]; o[i] = t_n0;'), ALL);
    expect(wgsl).toContain('var<private> t0_n0: u32;');
    expect(wgsl).not.toMatch(/var<private> t_n0\b/);
  });

  test('the same kernel gives the same text', () => {
    const source = body('for (var k = 0u; k < i; k++) { o[k] = q[k]; }');
    expect(instrument(source, ALL)).toEqual(instrument(source, ALL));
  });

  test('wanted invocations are not part of it, so that choosing others needs no new pipeline', () => {
    const source = body('//: probe i\no[i] = 1.0;');
    expect(instrument(source, { ...ALL, probes: [1, 2] }).wgsl).toBe(instrument(source, { ...ALL, probes: [7] }).wgsl);
  });
});

test('a detail stands at scalars, as a record does', () => {
  const source = body('let v = vec2u(i);\n//: detail i at row=v\no[v.x] = 1.0;');
  expect(refusal(source, { ...ALL, details: true })).toMatchObject({ field: 'detail v' });
});

describe("names of WGSL's own that the kernel gives another meaning", () => {
  const source = body(
    'let u32 = min(q[i], 1.0);\n//: probe u32\no[i] = u32; let max = private;',
    'fn min(a: f32, b: f32) -> f32 { return a; }\nconst private = 3u;\nstruct vec3 { min: u32 }',
  );

  test('are longer in the traced text, where they are declared and used, and nowhere else', () => {
    const { wgsl, edits, records } = instrument(source, { ...ALL, log: true, loopBudget: 9 });
    expect(removeEdits(wgsl, edits)).toBe(source);
    for (const each of [
      'fn min_t_(a',
      'const private_t_ =',
      'struct vec3_t_ { min: u32 }',
      'let u32_t_ = min_t_(',
      'let max = private_t_',
    ])
      expect(wgsl).toContain(each);
    expect(wgsl).toContain('(f32(u32_t_));');
    expect(records).toMatchObject([{ values: ['u32'], written: ['u32'] }]);
    const guarded = guard(source.replace('let u32', 'for (;;) { break; } let u32'), 9);
    expect(guarded.wgsl).toContain('const private =');
    expect(guarded.renamed).toBeUndefined();
  });

  test('are new ones, also beside a name of that length', () => {
    expect(instrument(`${source}\nconst private_t_ = 1;`, ALL).wgsl).toContain('const private_t__ = 3u;');
  });
});

describe('record lines', () => {
  test('are inserted on their own line; without them the source is what it was', () => {
    const source = body('let v = vec4f(1.0);\n//: record m=v.x at row=i\n//: record at key=i\no[i] = v.x;');
    const { wgsl, edits } = instrument(source, ALL);
    expect(removeEdits(wgsl, edits)).toBe(source);
    expect(wgsl.split('\n')[8]).toMatch(/^\w+record0\(f32\(v\.x\), f32\(i\)\); \/\/: record m=v\.x at row=i$/);
  });

  test('name values and axes; components that run along an axis count on over the list', () => {
    const source = body(
      'let v = vec4f(1.0); let s = 2.0; let w = vec3f(0.0);\n//: record s w h[state]=v,s,w.xy step[channel+8]=s at row=i column=v.x\no[i] = s + w.x;',
    );
    expect(instrument(source, ALL).records).toEqual([
      {
        line: 9,
        values: [
          's',
          'w.x',
          'w.y',
          'w.z',
          ...Array.from({ length: 7 }, (_, state) => `h[state+${state}]`),
          'step[channel+8]',
        ],
        at: ['row', 'column'],
        written: ['s', 'w.x', 'w.y', 'w.z', 'v.x', 'v.y', 'v.z', 'v.w', 's', 'w.xy.x', 'w.xy.y', 's', 'i', 'v.x'],
      },
    ]);
    expect(instrument(source, { ...ALL, probes: false }).records).toEqual([]);
  });

  test('a probe line that our kernels once had says what its line says today', () => {
    const names =
      'let batch = i; let head = i; let q0 = i; let k0 = i; let m = 1.0; let l = 1.0; let rescale = 1.0; let row = i;';
    const source = body(`${names}\n//: probe batch head q0 k0\n//: probe row m l rescale\no[i] = m;`);
    expect(instrument(source, ALL).records).toEqual([
      { line: 9, values: [], at: ['batch', 'head', 'row', 'key'], written: ['batch', 'head', 'q0', 'k0'] },
      { line: 10, values: ['m', 'l', 'rescale'], at: ['row'], written: ['m', 'l', 'rescale', 'row'] },
    ]);
  });

  test('a probe line is one without a place', () => {
    const { records } = instrument(body('let v = vec2f(1.0);\n//: probe i v\no[i] = v.x;'), ALL);
    expect(records).toEqual([{ line: 9, values: ['i', 'v.x', 'v.y'], at: [], written: ['i', 'v.x', 'v.y'] }]);
  });
});

describe('sites', () => {
  test('carry the kind, the marker before them, and the lines up to the next flush', () => {
    const source = [
      '@group(0) @binding(0) var<storage, read_write> o: array<f32>;', // 1
      'var<workgroup> w: array<f32, 4>;',
      '@compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) {',
      '  w[i] = 0.0;', // 4
      '  //: sweep',
      '  for (var k = 0u; k < 3u; k++) {', // 6
      '    w[i] += o[k];',
      '    workgroupBarrier();', // 8
      '    o[i] = w[k];',
      '  }',
      '  //: end',
      '  o[0] = 1.0;', // 12
      '}',
    ].join('\n');
    const { sites, stepSource } = instrument(source, ALL);
    expect(stepSource).toBe('markers');
    expect(sites).toEqual([
      { kind: 'entry', lines: [[4, 4]] },
      { kind: 'marker', name: 'sweep', lines: [[6, 8]] },
      { kind: 'barrier', name: 'sweep', lines: [[6, 9]] },
      { kind: 'marker', name: 'end', lines: [[12, 12]] },
    ]);
  });

  test('a marker in a function that is never called changes nothing', () => {
    const { sites } = instrument(body('o[i] = 1.0;', 'fn unused() {\n//: never\n}'), ALL);
    expect(sites).toEqual([{ kind: 'entry', lines: [[10, 10]] }]);
  });
});

describe('half precision', () => {
  test('two-byte elements share words: addresses are counted in bytes', () => {
    const source = `enable f16;
@group(0) @binding(0) var<storage, read> h: array<f16>;
@group(0) @binding(1) var<storage, read_write> o: array<vec3<f16>>;
@compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { o[i] = vec3<f16>(h[i]) * 2.0h; }`;
    const { wgsl, accounting, buffers } = instrument(source, ALL);
    expect(accounting.accesses.map(({ kind, bytes }) => [kind, bytes])).toEqual([
      ['store', 6],
      ['load', 2],
    ]);
    expect(accounting.operations.map(({ cost }) => cost)).toEqual([{ multiply: 3 }]);
    expect(buffers.map(({ elementBytes }) => elementBytes)).toEqual([2, 2]);
    // A stride of 2 for f16, of 8 for vec3<f16>, whose 6 bytes lie in two words.
    expect(wgsl).toMatch(/\(min\(i, t_top1\) \* 2u\) >> 2u/);
    expect(wgsl).toMatch(/\(min\(i, t_top0\) \* 8u\) >> 2u; word <= \(min\(i, t_top0\) \* 8u \+ 5u\) >> 2u/);
  });
});

describe('what cannot be counted exactly is refused by name, with its place', () => {
  test.each([
    [
      'texture',
      body('o[i] = textureLoad(image, vec2u(0), 0).x;', '@group(0) @binding(2) var image: texture_2d<f32>;'),
      'textureLoad',
      8,
    ],
    ['unknown built-in', body('o[i] = quux(q[i]);'), 'quux', 8],
    ['store in a for update', body('for (var k = 0u; k < 3u; w[0] += 1.0) { k++; }'), 'for update', 8],
    [
      'barrier in a for update',
      body('for (var k = 0u; k < 3u; k += workgroupUniformLoad(&n)) { }', 'var<workgroup> n: u32;'),
      'for update',
      8,
    ],
    ['marker not understood', body('//: two words\no[i] = 1.0;'), 'marker', 8],
    ['marker inside a statement', body('o[i] =\n//: middle\n1.0;'), 'marker', 9],
    ['marker outside any function', `//: nowhere\n${body('o[i] = 1.0;')}`, 'marker', 1],
    ['probe of an unknown name', body('//: probe late\nlet late = 1.0; o[i] = late;'), 'probe late', 8],
    ['probe of an array', body('var a: array<f32, 2>;\n//: probe a\no[i] = a[0];'), 'probe a', 9],
    ['probe of an expression', body('//: probe i+1\no[i] = 1.0;'), 'probe i+1', 8],
    ['record of an unknown name', body('//: record late at i\nlet late = 1.0; o[i] = late;'), 'record late', 8],
    ['record at an unknown name', body('//: record i at row=late\nlet late = 1.0; o[i] = late;'), 'record late', 8],
    ['record at a vector', body('let v = vec2u(i);\n//: record i at row=v\no[v.x] = 1.0;'), 'record v', 9],
    ['record of a name twice', body('//: record i at i\no[i] = 1.0;'), 'record i', 8],
    [
      'record of more than a function can take',
      body(`//: record ${Array.from({ length: 256 }, (_, n) => `v${n}=i`).join(' ')}\no[i] = 1.0;`),
      'record',
      8,
    ],
    ['syntax the parser does not follow', body('o[i] = 1.0 +;'), 'syntax', 8],
    [
      'padded whole array',
      body('let all = p; o[i] = all[0].x;', 'var<workgroup> p: array<vec3f, 100>;'),
      'whole value',
      8,
    ],
  ])('%s', (_name, wgsl, field, line) => {
    const error = refusal(wgsl, { ...ALL, log: true });
    expect(error).toMatchObject({ code: 'unsupported-construct', field, line });
    expect(error.column).toBeGreaterThan(0);
    expect(error.message).toContain(`line ${line}`);
  });

  test('a kernel that uses all bind groups', () => {
    const rest = [1, 2, 3].map((g) => `@group(${g}) @binding(0) var<uniform> u${g}: vec4f;`).join('\n');
    expect(refusal(body('o[i] = u1.x + u2.x + u3.x;', rest))).toMatchObject({
      code: 'limit-exceeded',
      field: 'maxBindGroups',
    });
  });
});
