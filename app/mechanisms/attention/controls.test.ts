import { describe, expect, test } from 'vitest';
import { resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { workgroupBytes } from '#gpu/mechanisms/attention/geometry.ts';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { attentionTerms } from '../../glossary/terms/attention.ts';
import { attentionControls } from './controls.ts';
import { recordWalk } from './testing/traced-walk.ts';

const LIMITS = {
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 134_217_728,
};
const control = (id: string) => attentionControls.find((candidate) => candidate.id === id)!;
const base = { heads: 2, nq: 64, nk: 64, headDim: 32, br: 16, bc: 16 };

test('every control has a glossary term, and no id comes twice', () => {
  expect(attentionControls.filter(({ term }) => !attentionTerms.ids.includes(term!)).map(({ id }) => id)).toEqual([]);
  expect(new Set(attentionControls.map(({ id }) => id)).size).toBe(attentionControls.length);
});

test('whatever choice or end of a range is applied, the variant it is shown for runs on this device', () => {
  for (const { id, range, apply, appliesTo } of attentionControls) {
    const { min, max, choices } = range(base, LIMITS);
    for (const value of choices ?? [min, max]) {
      const config = { ...base, ...apply(base, value, LIMITS) };
      const defined = Object.fromEntries(Object.entries(config).filter(([, each]) => each !== undefined));
      for (const variant of attention.variants) {
        if (id === 'blockmask' || appliesTo?.(variant.id, 'random') === false) continue;
        expect(variant.supports(resolveConfig(defined), LIMITS), `${id} = ${value} for ${variant.id}`).toBe(true);
      }
    }
  }
});

test('a range that a device ends names the limit', () => {
  expect(control('br').range({ ...base, headDim: 128, bc: 4 }, LIMITS).reason).toMatch(/this device allows/);
  expect(control('M').range(base, LIMITS)).toMatchObject({
    max: 4096,
    reason: expect.stringContaining('16.4 KB (16,384 B)'),
  });
  expect(control('nq').range(base, { ...LIMITS, maxStorageBufferBindingSize: 4096 })).toMatchObject({ max: 16 });
});

test('a range that ends with the memory on chip says what any of the tiled kernels needs, and names none', () => {
  const config = { heads: 1, nq: 64, nk: 64, headDim: 128, br: 16, bc: 16 };
  const reasons = ['br', 'bc'].map((id) => control(id).range(config, LIMITS).reason!);
  const narrow = { ...LIMITS, maxComputeWorkgroupStorageSize: 1024 };
  for (const reason of [...reasons, control('headDim').range(base, narrow).reason!]) {
    expect(reason).toMatch(
      / need up to \d+ bytes of workgroup memory, depending on the kernel; this device allows \d+ /,
    );
    expect(reason).not.toContain('.wgsl');
  }
  // The tiles that are refused: no tiled kernel declares more than what is said.
  for (const reason of reasons) {
    const [br, bc, bytes] = (/tiles of (\d+) × (\d+) .* up to (\d+) bytes/.exec(reason) ?? []).slice(1).map(Number);
    const needs = (['flash-v1', 'flash-v2', 'flash-v2-block-sparse'] as const).map((variant) =>
      workgroupBytes(variant, resolveConfig({ ...config, br, bc })),
    );
    expect(Math.max(...needs)).toBeLessThanOrEqual(bytes!);
  }
});

describe('M', () => {
  test('says what it is in bytes, and what the kernel that ran with these tiles declares', () => {
    const recording = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0] });
    const { note } = control('M');
    // 2·3·4 + 2·2·4 + 2·3 + 2·2 = 50 floats; the walk's kernel declares a key tile of 12.
    expect(note!(recording.config, recording)).toBe('200 B by the paper’s count; the kernel that ran declares 48 B');
    expect(note!({ ...recording.config, br: 4 }, recording)).toMatch(/^\d+ B by the paper’s count$/);
    expect(note!(recording.config, null)).toBe('200 B by the paper’s count');
  });

  test('sets tiles whose footprint stays within it, and larger M gives no smaller tiles', () => {
    let area = 0;
    for (const floats of [600, 1200, 2400, 4096]) {
      const { br, bc } = control('M').apply(base, floats, LIMITS) as { br: number; bc: number };
      expect(Number(control('M').read({ ...base, br, bc }))).toBeLessThanOrEqual(floats);
      expect(br * bc).toBeGreaterThanOrEqual(area);
      area = br * bc;
    }
  });
});

describe('the painted mask', () => {
  const mask = control('blockmask');
  const painted = { ...base, ...mask.apply(base, [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1], LIMITS) };

  test('has a cell per block, and a pattern fills it', () => {
    expect(mask.mask!(base)).toMatchObject({ rows: 4, columns: 4 });
    expect(mask.read({ ...base, pattern: 'diagonal' })).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect(mask.read(base)).toEqual(new Array(16).fill(1));
  });

  test('stays as painted when the tiles change, and follows when the sizes do', () => {
    const smaller = { ...painted, ...control('br').apply(painted, 8, LIMITS) };
    expect(mask.read(smaller)).toEqual(mask.read(painted));
    const longer = { ...painted, ...control('nk').apply(painted, 96, LIMITS) };
    expect(mask.mask!(longer)).toMatchObject({ rows: 4, columns: 6 });
    expect((mask.read(longer) as number[]).slice(0, 6)).toEqual([1, 0, 0, 0, 0, 0]);
    const sparse = attention.variants.find(({ id }) => id === 'flash-v2-block-sparse')!;
    const defined = Object.fromEntries(Object.entries(longer).filter(([, value]) => value !== undefined));
    expect(sparse.supports(resolveConfig(defined), LIMITS)).toBe(true);
  });
});
