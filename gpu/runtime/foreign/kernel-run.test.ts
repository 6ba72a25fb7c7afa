import { expect, test } from 'vitest';
import type { KernelSpec } from '../api.ts';
import { planKernel } from './kernel-run.ts';

const limits = {
  maxStorageBufferBindingSize: 1024,
  maxUniformBufferBindingSize: 64,
  maxBufferSize: 4096,
  maxComputeWorkgroupsPerDimension: 10,
  maxStorageBuffersPerShaderStage: 2,
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

test('a binding that the entry point does not use keeps its name and type, where one variable has its place', () => {
  const idle = '@group(0) @binding(0) var<storage, read_write> idle: array<u32>;';
  const wgsl = `${idle}\n@compute @workgroup_size(1) fn main() {}`;
  const binding = { binding: 0, kind: 'storage', byteLength: 8 } as const;
  const bindings = [binding];
  expect(planKernel({ wgsl, workgroups: [1, 1, 1], bindings }, limits).bindings).toMatchObject([
    { name: 'idle', element: 'u32' },
  ]);
  expect(() =>
    planKernel({ wgsl, workgroups: [1, 1, 1], bindings: [{ ...binding, kind: 'uniform' }] }, limits),
  ).toThrow(expect.objectContaining({ code: 'bad-input', value: 'uniform', limit: 'storage' }));
  const two = `${wgsl}\n@group(0) @binding(0) var<storage, read_write> other: array<i32>;`;
  expect(planKernel({ wgsl: two, workgroups: [1, 1, 1], bindings }, limits).bindings).toMatchObject([
    { name: 'binding0_0', element: 'f32' },
  ]);
});

test('a constant with an id goes to the pipeline under its id', () => {
  const kernel = (constants: Record<string, number>, rest = '') => ({
    wgsl: `@id(7) override N: u32; override UNUSED: f32;\n${rest}\n@compute @workgroup_size(N) fn main() {}`,
    workgroups: [1, 1, 1] as [number, number, number],
    bindings: [],
    constants,
  });
  expect(planKernel(kernel({ N: 4 }), limits).overrides).toEqual({ 7: 4 });
  expect(planKernel(kernel({ 7: 4, UNUSED: 1 }), limits).overrides).toEqual({ 7: 4, UNUSED: 1 });
  for (const [constants, facts] of [
    [{}, { code: 'bad-input', field: 'N' }],
    [
      { N: 1, 7: 1 },
      { code: 'bad-input', field: 'N' },
    ],
    [
      { N: 1, M: 1 },
      { code: 'unknown-constant', field: 'M', limit: ['N', 'UNUSED'] },
    ],
  ] as const) {
    expect(() => planKernel(kernel(constants), limits)).toThrow(expect.objectContaining(facts));
  }
  // Used through another declaration, but not by the entry point's own text.
  const through = 'const twice = 2; var<workgroup> w: array<f32, SIZE>; override SIZE = UNUSED * 2;';
  const using = kernel({ N: 1 }, through);
  expect(() => planKernel({ ...using, wgsl: using.wgsl.replace('{}', '{ w[0] = 1.0; }') }, limits)).toThrow(
    expect.objectContaining({ code: 'bad-input', field: 'UNUSED' }),
  );
});

test('features are asked for by name', () => {
  const wgsl = 'enable f16, subgroups;\n@compute @workgroup_size(1) fn main() {}';
  const plan = (features: string[]) => planKernel({ wgsl, workgroups: [1, 1, 1], bindings: [] }, limits, features);
  expect(() => plan([])).toThrow(expect.objectContaining({ code: 'unsupported', field: 'shader-f16' }));
  expect(() => plan(['shader-f16'])).toThrow(expect.objectContaining({ code: 'unsupported', field: 'subgroups' }));
  expect(plan(['shader-f16', 'subgroups']).entryPoint).toBe('main');
});

test.each([
  ['array<vec3f>', 16],
  ['array<vec4<f32>, 3>', 48],
  ['List', 32],
  ['Pair', 16],
  ['mat3x3f', 48],
])('a buffer of %s needs %i bytes', (type, least) => {
  const structs = 'struct List { a: vec4u, rest: array<u32> } struct Pair { a: f32, b: vec2<f32> }';
  const kernel = (byteLength: number) =>
    spec(`${structs}\n@group(0) @binding(0) var<storage, read_write> out: ${type};`, [
      { binding: 0, kind: 'storage', byteLength },
    ]);
  expect(planKernel(kernel(least), limits).bindings).toHaveLength(1);
  expect(() => planKernel(kernel(least - 4), limits)).toThrow(
    expect.objectContaining({ code: 'bad-input', value: least - 4, limit: least }),
  );
});

test('indirect workgroups over the limit are a warning', () => {
  const kernel = (data: Uint32Array) =>
    spec('@group(0) @binding(0) var<storage> a: array<u32>;', [{ binding: 0, kind: 'read-only-storage', data }], {
      workgroups: { indirect: 0, offset: 4 },
    });
  expect(planKernel(kernel(Uint32Array.of(99, 10, 1, 1)), limits).warnings).toEqual([]);
  expect(planKernel(kernel(Uint32Array.of(1, 1, 11, 1)), limits).warnings).toEqual([
    expect.stringContaining('a asks for 1 × 11 × 1 workgroups; this device allows 10'),
  ]);
});

test.each<[string, KernelSpec, object]>([
  ['half a word', spec(storage, [{ ...given, byteLength: 18 }]), { code: 'bad-input', value: 18, limit: 20 }],
  ['nothing to write to', spec(storage, [{ ...given, byteLength: 0 }]), { code: 'bad-input', value: 0, limit: 4 }],
  [
    'too many storage buffers',
    spec(
      '',
      [0, 1, 2].map((binding) => ({ binding, kind: 'storage', byteLength: 4 })),
    ),
    { code: 'limit-exceeded', field: 'maxStorageBuffersPerShaderStage', value: 3, limit: 2 },
  ],
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

test('a binding at a place where the kernel has no variable is refused, not given a name', () => {
  const kernel = spec(storage, [given, { binding: 2, kind: 'storage', byteLength: 4 }], {});
  expect(() => planKernel(kernel, limits)).toThrow(
    expect.objectContaining({ field: '@group(0) @binding(2)', limit: ['@group(1) @binding(2)'] }),
  );
});

test('a kernel with a texture is refused as one, whatever bindings are given', () => {
  const wgsl = `@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) { result[i] = textureLoad(picture, vec2u(0u, i), 0).x; }`;
  const own = { binding: 1, kind: 'storage', byteLength: 16 } as const;
  expect(() => planKernel({ wgsl, workgroups: [1, 1, 1], bindings: [own] }, limits)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      field: 'picture',
      message:
        'picture, @group(0) @binding(0), is a texture or sampler: textures are not supported; read from a buffer instead',
    }),
  );
});
