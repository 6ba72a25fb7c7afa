import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import { checkPlan } from '../../plan/check.ts';
import { bake } from '../../wgsl/text/bake.ts';
import { reflectBindings, reflectStruct } from '../../wgsl/text/reflect.ts';
import { resolveConfig } from './config.ts';
import { attention } from './index.ts';
import { patterns } from './patterns.ts';
import { planAttention, variantIds } from './plan.ts';

function failure(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const zeros = (...shape: number[]) => tensor('f32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
const qkv = (nq = 8, nk = 12) => ({ q: zeros(2, nq, 4, 16), k: zeros(2, nk, 2, 16), v: zeros(2, nk, 2, 16) });

describe('resolving a config', () => {
  test('takes every size from the inputs', () => {
    const { batch, heads, kvHeads, nq, nk, headDim, seqlensQ } = resolveConfig({}, qkv());
    expect({ batch, heads, kvHeads, nq, nk, headDim, seqlensQ }).toEqual({
      batch: 2,
      heads: 4,
      kvHeads: 2,
      nq: 8,
      nk: 12,
      headDim: 16,
      seqlensQ: [8, 8],
    });
  });

  test('takes packed sequences from the cumulative lengths', () => {
    const inputs = {
      q: zeros(5, 4, 16),
      k: zeros(9, 2, 16),
      v: zeros(9, 2, 16),
      cu_seqlens_q: tensor('i32', [4], [0, 2, 2, 5]),
      cu_seqlens_k: tensor('i32', [4], [0, 0, 6, 9]),
    };
    const config = resolveConfig({}, inputs);
    expect(config).toMatchObject({ packed: true, batch: 3, nq: 3, nk: 6, seqlensQ: [2, 0, 3], seqlensK: [0, 6, 3] });
    const plan = planAttention('flash-v2', config, {});
    expect(plan.buffers.find(({ name }) => name === 'extents')?.init).toEqual([0, 2, 0, 0, 2, 0, 0, 6, 2, 3, 6, 3]);
    expect(plan.buffers.find(({ name }) => name === 'lse')?.shape).toEqual([4, 5]);
  });

  test('changes nothing the second time', () => {
    for (const { config } of attention.presets) {
      const once = resolveConfig(config);
      expect(resolveConfig(once)).toEqual(once);
      expect(JSON.parse(JSON.stringify(once))).toEqual(once);
    }
  });

  test.each([
    ['heads', { heads: 0 }, 'bad-config', 1],
    ['headDim', { headDim: 129 }, 'bad-config', 128],
    ['nq', { nq: 0 }, 'bad-config', 1],
    ['nk', { nk: 1.5 }, 'bad-config', 'int'],
    ['windowLeft', { windowLeft: -2 }, 'bad-config', -1],
    ['softcap', { softcap: -1 }, 'bad-config', 0],
    ['scale', { scale: Number.NaN }, 'bad-config', 'number'],
    ['br', { br: 0 }, 'bad-config', 1],
    ['kvHeads', { heads: 4, kvHeads: 3 }, 'bad-config', 'a divisor of 4'],
    ['seqlensQ', { batch: 2, seqlensQ: [1] }, 'bad-config', 2],
    ['seqlensK.1', { batch: 2, nk: 4, seqlensK: [4, 5] }, 'bad-config', 4],
    ['blockmask', { nq: 64, nk: 64, br: 32, bc: 16, blockmask: [1, 1] }, 'bad-config', [2, 4]],
    ['pattern', { pattern: 'stripes' }, 'bad-config', [...patterns]],
    ['tile', { tile: 3 }, 'bad-config', expect.arrayContaining(['br', 'bc'])],
  ])('names %s, its value and the limit', (field, config, code, limit) => {
    const error = failure(() => resolveConfig(config));
    expect(error).toMatchObject({ code, field });
    expect(error.limit).toEqual(limit);
    expect(error.message).toContain(field);
  });

  test('names the whole config where no single key is wrong', () => {
    expect(failure(() => resolveConfig([]))).toMatchObject({ code: 'bad-config', field: 'config' });
  });

  test.each([
    ['v', { ...qkv(), v: zeros(2, 12, 2, 8) }, {}],
    ['k', { ...qkv(), k: zeros(2, 12, 2, 8), v: zeros(2, 12, 2, 8) }, {}],
    ['k', { ...qkv(), k: zeros(3, 12, 2, 16), v: zeros(3, 12, 2, 16) }, {}],
    ['q', { ...qkv(), q: zeros(8, 4, 16) }, {}],
    ['nq', qkv(), { nq: 9 }],
    ['kvHeads', qkv(), { kvHeads: 4 }],
    ['blockmask', { ...qkv(), blockmask: tensor('i32', [2, 2], [1, 1, 1, 1]) }, { blockRows: 8, blockCols: 8 }],
  ])('refuses inputs whose %s does not fit', (field, inputs, config) => {
    const error = failure(() => resolveConfig(config, inputs));
    expect(error).toMatchObject({ code: 'shape-mismatch', field });
  });

  test('refuses cumulative lengths that fall, start late or come alone', () => {
    const packed = { q: zeros(5, 1, 4), k: zeros(5, 1, 4), v: zeros(5, 1, 4) };
    const right = tensor('i32', [3], [0, 2, 5]);
    for (const wrong of [[0, 6, 5], [1, 2, 5], [0]]) {
      const cu = tensor('i32', [wrong.length], wrong);
      const error = failure(() => resolveConfig({}, { ...packed, cu_seqlens_q: cu, cu_seqlens_k: right }));
      expect(error).toMatchObject({ code: 'bad-input', field: 'cu_seqlens_q' });
    }
    expect(failure(() => resolveConfig({}, { ...packed, cu_seqlens_q: right }))).toMatchObject({
      field: 'cu_seqlens_k',
    });
    const short = tensor('i32', [3], [0, 2, 4]);
    expect(failure(() => resolveConfig({}, { ...packed, cu_seqlens_q: short, cu_seqlens_k: right }))).toMatchObject({
      code: 'shape-mismatch',
      field: 'q',
    });
    expect(failure(() => resolveConfig({}, { q: packed.q }))).toMatchObject({ code: 'bad-input', field: 'k' });
  });
});

describe('planning', () => {
  test('names the tile, the bytes and the limit when workgroup memory is too small', () => {
    const config = resolveConfig({ headDim: 64, br: 64, bc: 64 });
    const error = failure(() => planAttention('flash-v2', config, {}));
    expect(error).toMatchObject({ code: 'limit-exceeded', field: 'br, bc', limit: 16384 });
    expect(error.message).toContain('maxComputeWorkgroupStorageSize');
    expect(attention.variants[2]!.supports(config, {})).toMatchObject({ code: 'limit-exceeded' });
    expect(attention.variants[2]!.supports(config, { maxComputeWorkgroupStorageSize: 1e6 })).toBe(true);
  });

  test('names the tile height when it has too many invocations', () => {
    const error = failure(() => planAttention('flash-v1', resolveConfig({ headDim: 4, br: 512, bc: 1 }), {}));
    expect(error).toMatchObject({ code: 'limit-exceeded', field: 'br', value: 512, limit: 256 });
  });

  test('names the buffer that is too large, and the size with too many workgroups', () => {
    const large = failure(() => planAttention('standard', resolveConfig({ heads: 8, nq: 4096, nk: 4096 }), {}));
    expect(large).toMatchObject({ code: 'limit-exceeded', field: 's', value: 8 * 4096 * 4096 * 4, limit: 134217728 });
    const many = failure(() => planAttention('standard', resolveConfig({ nq: 70000, nk: 1, headDim: 8 }), {}));
    expect(many).toMatchObject({ code: 'limit-exceeded', field: 'nq', limit: 65535 });
  });

  test('refuses a block mask where it would be ignored, and variants that do not exist', () => {
    const config = resolveConfig({ nq: 64, nk: 64, br: 16, bc: 16, pattern: 'butterfly' });
    expect(failure(() => planAttention('flash-v2', config, {}))).toMatchObject({
      code: 'unsupported',
      field: 'blockmask',
    });
    expect(failure(() => planAttention('flash-v3', config, {}))).toMatchObject({
      code: 'unknown-variant',
      value: 'flash-v3',
    });
  });

  test('binds every variable, fills every parameter and bakes every constant of the kernels', () => {
    for (const variant of attention.variants) {
      for (const preset of attention.presets.filter((each) => each.variant === variant.id || each.id === 'ragged')) {
        const plan = attention.plan(variant.id, attention.resolve(preset.config), {});
        expect(plan).toEqual(attention.plan(variant.id, attention.resolve(preset.config), {}));
        checkPlan(plan, Object.fromEntries(variant.kernels.map(({ file, wgsl }) => [file, wgsl])), {});
        for (const { kernel, constants, bindings, params } of plan.passes) {
          const wgsl = bake(variant.kernels.find(({ file }) => file === kernel)!.wgsl, constants);
          const reflected = reflectBindings(wgsl);
          const storage = reflected.filter(({ space }) => space === 'storage').map(({ name }) => name);
          expect(Object.keys(bindings).sort()).toEqual(storage.sort());
          expect(Object.keys(params).sort()).toEqual(
            reflectStruct(wgsl)!
              .map(({ name }) => name)
              .sort(),
          );
          expect(reflected.map(({ binding }) => binding)).toEqual(reflected.map((_, index) => index));
        }
      }
    }
  });

  test('every preset runs within WebGPU’s default limits', () => {
    expect(attention.presets.length).toBeGreaterThanOrEqual(6);
    for (const { variant, config } of attention.presets) {
      expect(variantIds).toContain(variant);
      expect(() => attention.plan(variant, attention.resolve(config), {})).not.toThrow();
    }
  });

  test('default tiles fit 16 KiB for every head dimension and variant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 128 }),
        fc.constantFrom(...variantIds),
        fc.boolean(),
        (headDim, variant, ragged) => {
          const config = resolveConfig({ headDim, batch: 2, nq: 9, nk: 9, ...(ragged ? { seqlensQ: [9, 0] } : {}) });
          expect(() => planAttention(variant, config, {})).not.toThrow();
        },
      ),
    );
  });

  test('never throws anything but an EngineError', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            nq: fc.integer(),
            nk: fc.nat(9),
            heads: fc.nat(5),
            kvHeads: fc.nat(5),
            br: fc.nat(99),
            softcap: fc.double(),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom(...variantIds),
        (raw, variant) => {
          try {
            planAttention(variant, resolveConfig(raw), {});
          } catch (error) {
            expect(error).toBeInstanceOf(EngineError);
          }
        },
      ),
    );
  });
});

describe('block patterns', () => {
  const mask = (pattern: string, n = 64) => resolveConfig({ nq: n, nk: n, br: 16, bc: 16, pattern }).blockmask;

  test('local-global keeps the first row, the first column and three diagonals', () => {
    expect(mask('local-global')).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1]);
  });

  test('butterfly keeps blocks whose numbers differ in one binary digit at most', () => {
    expect(mask('butterfly')).toEqual([1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1]);
  });

  test('causal blocks are the lower triangle, full and empty are all and nothing', () => {
    expect(mask('causal-blocks', 48)).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect(mask('full', 32)).toEqual([1, 1, 1, 1]);
    expect(mask('empty', 32)).toEqual([0, 0, 0, 0]);
    expect(mask('diagonal', 32)).toEqual([1, 0, 0, 1]);
  });
});
