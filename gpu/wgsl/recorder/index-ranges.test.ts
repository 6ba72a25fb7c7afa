// Which indexes need no watch, because their text says where they stay; whatever may be anything is watched.

import { expect, test } from 'vitest';
import { instrument } from './instrument.ts';

/** Lines at which `tile`, of 64 words, is watched, in a kernel of 8 × 4 invocations. */
function watchedAt(body: string, type = 'array<u32, 64>'): number[] {
  const wgsl = `const D: u32 = 16u; override N: u32 = 64; var<workgroup> tile: ${type}; @group(0) @binding(0) var<storage, read_write> n: u32;
fn any() -> u32 { return n; } fn change(p: ptr<function, u32>) -> bool { *p += 9u; return true; }
@compute @workgroup_size(8, 4) fn main(@builtin(local_invocation_index) index: u32, @builtin(local_invocation_id) id: vec3u) {
${body} }`;
  const { watched, buffers } = instrument(wgsl, { steps: false, touches: true, log: false, probes: false });
  return watched.filter(({ buffer }) => buffers[buffer]!.variable === 'tile').map(({ line }) => line - 3);
}

test.each([
  'tile[63] = 1u;',
  'tile[index] = 1u;',
  'tile[2u * index + 1u] = 1u;',
  'tile[id.y * 16u + id.x] = 1u;',
  'let row = id.y; let at = row * D + id.x * 2u; tile[at + 1u] = 1u;',
  'tile[any() % 64u] = 1u;',
  'tile[any() & 63u] = 1u;',
  'tile[any() >> 26u] = 1u;',
  'tile[min(any(), 63u)] = 1u;',
  'tile[clamp(any(), 3u, 60u)] = 1u;',
  'tile[clamp(i32(any()), 0, 63)] = 1u;',
  'tile[select(index, 63u, any() > 3u)] = 1u;',
  'tile[63u - index] = 1u;',
  'for (var i = any(); i < N; i += 32u) { tile[i] = 1u; }',
  'for (var i = index; i <= 63u; i += any()) { let j = i; tile[j] = 1u; }',
  'for (var i = 0; i < 64; i++) { tile[i] = 1u; }',
  'for (var i = 0; 64 > i; i += 2) { tile[i] = 1u; }',
  'let rows = min(any(), 4u); for (var i = index; i < rows * D; i += 32u) { tile[i % D * 4u + i / D] = 1u; }',
  'for (var i = index; i < any() && i < 64u; i += 32u) { for (var k = i; k < min(i + 8u, 64u); k++) { tile[k] = 1u; } }',
])('stays within: %s', (body) => {
  expect(watchedAt(body)).toEqual([]);
});

test.each([
  'tile[any()] = 1u;',
  'tile[2u * index + 2u] = 1u;',
  'tile[index - 1u] = 1u;',
  'tile[i32(index) - 1] = 1u;',
  'tile[64u - index] = 1u;',
  'tile[any() * 64u / 64u] = 1u;',
  'tile[any() % 65u] = 1u;',
  'tile[~index] = 1u;',
  'var i = 3u; tile[i] = 1u;',
  'for (var i = 0u; i <= 64u; i++) { tile[i] = 1u; }',
  'for (var i = 0u; i < any(); i++) { tile[i] = 1u; }',
  'for (var i = 0u; i < 64u; i++) { i += 1u; tile[i] = 1u; }',
  'for (var i = 0u; i < 64u; i++) { (i)++; tile[i] = 1u; }',
  'for (var i = 0u; i < 64u && change(&i); i++) { tile[i] = 1u; }',
  'for (var i = 0u; i < 64u; i++) { let p = &i; *p = 70u; tile[i] = 1u; }',
  'for (var i = 0u; i < 64u; tile[i] = 1u) { i += 1u; }',
  'for (var i = 0u; i < 64u || any() > 3u; i++) { tile[i] = 1u; }',
  'for (var i = 60; i < 64; i--) { tile[i] = 1u; }',
  'for (var i = i32(any()); i < 64; i++) { tile[i] = 1u; }',
  'for (var i = 0; i < 64; i += i32(any())) { tile[i] = 1u; }',
  'let p = &tile[any()]; let a = 1u; *p = a;',
])('may be anything: %s', (body) => {
  expect(watchedAt(body)).toEqual([1]);
});

test('an array in an array, a vector, and an element handed on', () => {
  expect(watchedAt('tile[id.y][index % 8u] = 1u;', 'array<array<u32, 8>, 4>')).toEqual([]);
  expect(watchedAt('tile[index][any() & 3u] = 1u;', 'array<vec4u, 32>')).toEqual([]);
  expect(watchedAt('tile[id.x][index % 8u] = 1u;', 'array<array<u32, 8>, 4>')).toEqual([1]);
  expect(watchedAt('tile[index][any()] = 1u;', 'array<vec4u, 32>')).toEqual([1]);
});
