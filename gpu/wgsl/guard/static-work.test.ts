// Work without loops: calls are unfolded, grids multiplied, and what would not end in time is refused before it is compiled.

import { expect, test } from 'vitest';
import { parseModule } from '../parse/parse.ts';
import { requireBoundedWork } from './static-work.ts';

const kernel = (body: string, rest = '') => `@group(0) @binding(0) var<storage, read_write> o: array<u32>;
${rest}
@compute @workgroup_size(64) fn main() { ${body} }
@compute @workgroup_size(1) fn other() { o[0] = 1u; }`;

/** f0 calls f1 twice, f1 calls f2 twice … : 2 ** depth leaves. */
const tree = (depth: number) =>
  Array.from({ length: depth + 1 }, (_, i) => {
    const value = i === depth ? 'o[0]' : `f${i + 1}() + f${i + 1}()`;
    return `fn f${i}() -> u32 { return ${value}; }`;
  }).join(' ');
const check = (wgsl: string, workgroups = [1, 1, 1], entryPoint = 'main') =>
  requireBoundedWork(parseModule(wgsl), entryPoint, 'mine.wgsl', workgroups);
const tooMuch = (message: RegExp, line?: number) =>
  expect.objectContaining({
    code: 'limit-exceeded',
    line,
    field: 'mine.wgsl',
    message: expect.stringMatching(message),
  });

test('real sizes pass: a shallow tree, a grid of millions, a switch of hundreds', () => {
  check(kernel('o[1] = f0();', tree(10)));
  check(kernel('o[0] = 1u;'), [65_535, 64, 1]);
  check(kernel(`switch o[0] { ${Array.from({ length: 500 }, (_, i) => `case ${i} {}`).join(' ')} default {} }`));
});

test.each([15, 16, 40])('a tree of calls %i deep is refused, and only where it is reached', (depth) => {
  const wgsl = kernel('o[1] = f0();', tree(depth));
  // A statement for each function run, that of the entry point besides.
  const refused = tooMuch(new RegExp(`^mine\\.wgsl: ${2 ** (depth + 1)} statements an invocation.* at most 32768`));
  expect(() => check(wgsl)).toThrow(refused);
  check(wgsl, [1, 1, 1], 'other');
});

test('a grid of billions is refused, by what each invocation does', () => {
  expect(() => check(kernel('o[0] = 1u;'), [65_535, 4097, 1])).toThrow(
    tooMuch(/17184325\d+ invocations|invocations of 1 /),
  );
  check(kernel('o[0] = 1u;'), [65_535, 4096, 1]);
  const long = 'o[0] += 1u; '.repeat(64);
  check(kernel(long), [65_535, 64, 1]);
  expect(() => check(kernel(long), [65_535, 65, 1])).toThrow(tooMuch(/invocations of 64 statements or more/));
});

test('a switch without end and a name of any length are refused with their line', () => {
  const cases = Array.from({ length: 5000 }, (_, i) => `case ${i} {}`).join(' ');
  expect(() => check(kernel(`switch o[0] { ${cases} default {} }`))).toThrow(tooMuch(/a switch of 5001 cases/, 3));
  expect(() => check(kernel('o[0] = 1u;', `const ${'a'.repeat(99_000)} = 1u;`))).toThrow(
    tooMuch(/a name of 99000 characters/, 2),
  );
});

test('a sum of twenty thousand terms is refused as one that cannot be read, not by the machine', () => {
  expect(() => parseModule(kernel(`o[0] = 1u${' + 1u'.repeat(20_000)};`))).toThrow(
    expect.objectContaining({ code: 'unsupported-construct', message: expect.stringMatching(/nested too deeply/) }),
  );
});
