import { expect, test } from 'vitest';
import type { KernelSpec } from './api.ts';
import { planKernel } from './kernel-run.ts';

const limits = {
  maxStorageBufferBindingSize: 1024,
  maxUniformBufferBindingSize: 64,
  maxBufferSize: 4096,
  maxComputeWorkgroupsPerDimension: 10,
};

function spec(declarations: string, bindings: KernelSpec['bindings'], more: Partial<KernelSpec> = {}): KernelSpec {
  const uses = [...declarations.matchAll(/var<[^>]*>\s*(\w+)/g)].map(([, name]) => `_ = &${name};`).join(' ');
  return {
    wgsl: `${declarations}\n@compute @workgroup_size(1) fn main() { ${uses} }`,
    workgroups: [1, 1, 1],
    bindings,
    ...more,
  };
}

test.each([
  ['array<f32>', 'f32'],
  ['array<vec4<f32>>', 'f32'],
  ['array<vec2u>', 'u32'],
  ['array<atomic<i32>>', 'i32'],
  ['array<mat2x2f, 4>', 'f32'],
  ['array<Cell>', 'f32'],
  ['u32', 'u32'],
])('a binding of type %s is read back as %s', (type, element) => {
  const kernel = spec(`struct Cell { a: u32, b: f32 }\n@group(0) @binding(0) var<storage, read_write> out: ${type};`, [
    { binding: 0, kind: 'storage', byteLength: 64 },
  ]);
  expect(planKernel(kernel, limits).bindings[0]).toMatchObject({ name: 'out', element, bytes: 64 });
});

test('constants go to the marked consts where there are some, else to the overrides', () => {
  const kernel = spec('const T: u32 = 4u; // tile @tune 4 8\noverride S: u32 = 1u;', [], { constants: { T: 8, S: 3 } });
  const plan = planKernel(kernel, limits);
  expect(plan.wgsl).toContain('const T: u32 = 8u;');
  expect(plan).toMatchObject({ baked: { T: 8 }, overrides: { S: 3 } });
});

const storage = '@group(1) @binding(2) var<storage, read_write> out: array<f32>;';
const given = { group: 1, binding: 2, kind: 'storage', byteLength: 16 } as const;

test('groups and names are kept', () => {
  expect(planKernel(spec(storage, [{ ...given, name: 'result' }]), limits).bindings).toMatchObject([
    { group: 1, name: 'result', variable: 'out' },
  ]);
});

test.each<[string, KernelSpec, object]>([
  ['a missing binding', spec(storage, []), { code: 'bad-input', field: '@group(1) @binding(2)' }],
  [
    'another kind',
    spec(storage, [{ ...given, kind: 'uniform' }]),
    { code: 'bad-input', value: 'uniform', limit: 'storage' },
  ],
  ['no size', spec(storage, [{ ...given, byteLength: undefined }]), { code: 'bad-input' }],
  ['less room than data', spec(storage, [{ ...given, data: new Float32Array(8) }]), { code: 'bad-input', value: 16 }],
  [
    'too many bytes',
    spec(storage, [{ ...given, byteLength: 1028 }]),
    { code: 'limit-exceeded', value: 1028, limit: 1024 },
  ],
  [
    'too many workgroups',
    spec('', [], { workgroups: [1, 11, 1] }),
    { code: 'limit-exceeded', field: 'workgroups.y', value: 11, limit: 10 },
  ],
  ['no such indirect binding', spec('', [], { workgroups: { indirect: 0, offset: 0 } }), { code: 'bad-input' }],
  [
    'indirect counts past the end',
    spec(
      '@group(0) @binding(0) var<storage> a: array<u32>;',
      [{ binding: 0, kind: 'read-only-storage', byteLength: 16 }],
      {
        workgroups: { indirect: 0, offset: 8 },
      },
    ),
    { code: 'bad-input', field: 'workgroups.offset', value: 8, limit: 4 },
  ],
  [
    'a texture',
    spec('@group(0) @binding(0) var t: texture_2d<f32>;', [{ binding: 0, kind: 'uniform', byteLength: 16 }]),
    {},
  ],
])('%s is refused', (_, kernel, facts) => {
  const body = kernel.wgsl.replace('main() { ', 'main() { _ = textureDimensions(t); ');
  const wgsl = kernel.wgsl.includes('texture') ? body : kernel.wgsl;
  expect(() => planKernel({ ...kernel, wgsl }, limits)).toThrow(expect.objectContaining(facts));
});
