// Kernel texts made so that a careless pattern reads them over and over: whoever reads text answers or refuses
// at once. Time is the processor's own, since the machine may have other work.

import { expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { textInterface } from '../../plan/check-kernel.ts';
import { checkFeatures } from '../../plan/kernel-needs.ts';
import { tunables } from './bake.ts';
import { moduleConstants } from './const-eval.ts';
import { findMarkers } from './markers.ts';
import { reflectBindings, reflectEntryPoints, reflectOverrides, reflectStruct } from './reflect.ts';

/** A fifth of what a link can carry: a reader that is quick here by reading a text once is quick there. */
const LENGTH = 20_000;
/** ms; some took two seconds, and at full length a minute. */
const AT_ONCE = 250;

const KERNEL = '@compute @workgroup_size(1) fn main() {}\n';
const READERS: Record<string, (text: string) => unknown> = {
  bindings: (text) => reflectBindings(text, 'main'),
  struct: (text) => reflectStruct(text),
  overrides: (text) => reflectOverrides(text, 'main'),
  entries: (text) => reflectEntryPoints(text),
  constants: (text) => moduleConstants(text)('a'),
  features: (text) => checkFeatures('kernel.wgsl', text, []),
  markers: findMarkers,
  tunables,
  interface: (text) => textInterface(text, 'main', {}),
};
const PIECES = [
  ...['@a', '@a ', '@a(', '@a()', '@a(()', '@a(((((', '@ ', '@', '@id(1)', '@ id ( 1'],
  ...[
    'var',
    'var ',
    'var<',
    'var<a',
    'var a:',
    'var a: ',
    'var<a>a:',
    'var < workgroup > a : ',
    'var<workgroup> a: array<',
  ],
  ...['const ', 'const a', 'const a:', 'const a=', 'const a = a', 'override ', 'override a', 'override a :', 'alias '],
  ...[
    'fn ',
    'fn a',
    'fn a(',
    'fn a(){',
    'enable ',
    'enable a',
    'enable a,',
    'struct Params {',
    'struct Params { a: ',
    ' ',
  ],
  ...[
    '{',
    '}',
    '(',
    ')',
    '<',
    'a',
    'a,',
    'a.',
    '//:',
    '//: a\n',
    '//: record a at a\n',
    '/*',
    '*/',
    '/**/',
    '//:a/*\n',
    '/*//:\n',
    '\n',
  ],
  ...['const a = 1;//: tune 1 2\n', '@compute ', '@compute fn a()'],
];

function readAll(text: string): void {
  for (const [name, read] of Object.entries(READERS)) {
    const before = process.cpuUsage();
    try {
      read(text);
    } catch (error) {
      expect(error, name).toBeInstanceOf(EngineError);
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000, name).toBeLessThan(AT_ONCE);
  }
}

test.each(PIECES.map((piece) => ({ piece })))('a text of $piece is read or refused at once', ({ piece }) => {
  const many = piece.repeat(LENGTH / piece.length);
  readAll(KERNEL + many);
  readAll(many + KERNEL);
  readAll(`${KERNEL}fn b() {\n${many}\n}`);
});

const DEEP = Array.from({ length: 40 }, (_, i) => `struct S${i} { a: S${i + 1}, b: S${i + 1} }\n`).join('');

test.each([
  ['a struct that holds itself', 'struct A { a: A }\nvar<workgroup> a: A;\n'],
  ['structs that hold two of the next', `${DEEP}struct S40 { a: f32 }\nvar<workgroup> a: S0;\n`],
  ['arrays of arrays', `var<workgroup> a: ${'array<'.repeat(2000)}f32${', 1>'.repeat(2000)};\n`],
])('%s: read or refused at once', (_, text) => {
  readAll(text + KERNEL);
});
