import { expect, test } from 'vitest';
import { packParams } from './job.ts';

const members = [
  { name: 'n', type: 'u32' },
  { name: 'window', type: 'i32' },
  { name: 'scale', type: 'f32' },
  { name: 'm', type: 'u32' },
  { name: 'last', type: 'u32' },
];
const values = { n: 4_294_967_295, window: -1, scale: 0.5, m: 2, last: 3 };

test('members are written in the struct’s order and by their type, whatever the order of the values', () => {
  const words = packParams('k.wgsl', members, { last: 3, scale: 0.5, m: 2, window: -1, n: 4_294_967_295 });
  expect(words.byteLength).toBe(32);
  expect([...words]).toEqual([0xffffffff, 0xffffffff, 0x3f000000, 2, 3, 0, 0, 0]);
});

test.each([
  ['a missing member', { ...values, last: undefined }, 'unknown-constant', 'k.wgsl params.last'],
  ['an unknown member', { ...values, nope: 1 }, 'unknown-constant', 'k.wgsl params.nope'],
  ['a negative u32', { ...values, n: -1 }, 'bad-config', 'k.wgsl params.n'],
  ['a fraction in an i32', { ...values, window: 0.5 }, 'bad-config', 'k.wgsl params.window'],
])('%s is refused by name', (_, given, code, field) => {
  expect(() => packParams('k.wgsl', members, given as Record<string, number>)).toThrow(
    expect.objectContaining({ code, field }),
  );
});

test('a member that is no 4-byte scalar is refused', () => {
  expect(() => packParams('k.wgsl', [{ name: 'v', type: 'vec2f' }], { v: 1 })).toThrow(
    expect.objectContaining({ code: 'unsupported', value: 'vec2f' }),
  );
});
