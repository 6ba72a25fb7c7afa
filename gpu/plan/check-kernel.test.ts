import { expect, test } from 'vitest';
import { checkKernel, workgroupBytes } from './check-kernel.ts';

const kernel = (declarations: string, size = '64') =>
  `${declarations}\n@compute @workgroup_size(${size})\nfn main() {}`;

// Sizes by WGSL's layout rules (array stride = size rounded up to alignment), each variable rounded up to 16.
test.each([
  ['var<workgroup> a: array<f32, 3>;', 16],
  ['const N = 4u; var<workgroup> a: array<array<f32, N>, N * 2u>;', 128],
  ['var<workgroup> a: array<vec3f, 5>;', 80], // vec3f: size 12, stride 16
  ['var<workgroup> a: array<vec3<f32>, 5,>;', 80],
  ['var<workgroup> a: atomic<u32>; var<workgroup> b: bool;', 32],
  ['var<workgroup> a: mat3x3f;', 48],
  ['var<workgroup> a: mat2x2<f32>;', 16],
  ['struct S { a: u32, b: vec4f, c: f32 }\nvar<workgroup> s: array<S, 2>;', 96], // 4 → 16, +16, +4 → 48
  ['/* var<workgroup> a: array<f32, 100>; */ var<private> p: array<f32, 100>;', 0],
])('%s takes %i bytes', (declarations, bytes) => {
  expect(workgroupBytes(kernel(declarations))).toBe(bytes);
});

test('what cannot be told from the text is left to the device', () => {
  expect(workgroupBytes(kernel('struct S { @align(32) a: u32 }\nvar<workgroup> s: S;'))).toBeUndefined();
  expect(workgroupBytes(kernel('var<workgroup> a: array<f32, f(3)>;'))).toBeUndefined();
});

test('workgroup memory and invocations are refused above the limit, with field, value and limit', () => {
  const limits = {
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    maxComputeWorkgroupSizeZ: 64,
  };
  const check = (source: string) => () => checkKernel('k.wgsl', source, undefined, limits);
  expect(check(kernel('var<workgroup> a: array<f32, 4096>;'))).not.toThrow();
  expect(check(kernel('var<workgroup> a: array<f32, 4097>;'))).toThrow(
    expect.objectContaining({ code: 'limit-exceeded', field: 'k.wgsl workgroup memory', value: 16_400, limit: 16_384 }),
  );
  expect(check(kernel('', '16, 17'))).toThrow(
    expect.objectContaining({ code: 'limit-exceeded', field: 'k.wgsl workgroup_size', value: 272, limit: 256 }),
  );
  expect(check(kernel('', '1, 1, 65'))).toThrow(
    expect.objectContaining({ field: 'k.wgsl workgroup_size.z', value: 65 }),
  );
});
