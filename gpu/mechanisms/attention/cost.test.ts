import { describe, expect, test } from 'vitest';
import { tunables } from '../../wgsl/text/bake.ts';
import { resolveConfig } from './config.ts';
import { attentionCost, tilesForM } from './cost.ts';
import { keyRows, keyRowsUnder, queryTileCount, queryTiles, workgroupArrays } from './geometry.ts';
import { attention } from './index.ts';
import { planAttention, variantIds } from './plan.ts';
import { footprintFloats } from './tiles.ts';

const roomy = {
  maxComputeWorkgroupStorageSize: 1e9,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeY: 1024,
};

function elements(variant: string, config: object) {
  const { buffers, events } = attentionCost(variant, resolveConfig(config));
  const of = (direction: 'loads' | 'stores', leaveOut: string[] = []) =>
    buffers.filter(({ buffer }) => !leaveOut.includes(buffer)).reduce((sum, count) => sum + count[direction], 0);
  return { buffers, events, of };
}

const square = (n: number, headDim: number, br: number, bc: number) => ({ heads: 1, nq: n, nk: n, headDim, br, bc });

// Worked out beforehand: n, d, br, bc; standard total; FA1 reads, writes; FA2 reads, writes; causal tiles, all tiles, causal reads.
const table = [
  [256, 32, 32, 32, 294912, 151552, 69632, 139264, 8448, 36, 64, 81920],
  [128, 16, 16, 16, 73728, 38912, 18432, 34816, 2176, 36, 64, 20480],
  [1024, 64, 64, 64, 4456448, 2260992, 1081344, 2162688, 66560, 136, 256, 1179648],
  [512, 64, 16, 16, 1179648, 2195456, 1081344, 2129920, 33280, 528, 1024, 1114112],
] as const;

describe('closed forms', () => {
  for (const [n, d, br, bc, standard, reads1, writes1, reads2, writes2, tiles, all, causal] of table) {
    const config = square(n, d, br, bc);

    test(`n = ${n}, d = ${d}, tiles ${br} × ${bc}: FlashAttention-2 as in the paper’s table`, () => {
      const { of, events } = elements('flash-v2', config);
      expect([of('loads'), of('stores'), events?.tiles]).toEqual([reads2, writes2, all]);
      const { of: causalOf, events: causalEvents } = elements('flash-v2', { ...config, causal: true });
      expect([causalOf('loads'), causalEvents?.tiles]).toEqual([causal, tiles]);
    });

    test(`n = ${n}, d = ${d}, tiles ${br} × ${bc}: FlashAttention, and its initialisation of out, l and m`, () => {
      const { of } = elements('flash-v1', config);
      expect([of('loads'), of('stores')]).toEqual([reads1, writes1 + n * d + 2 * n]);
    });

    test(`n = ${n}, d = ${d}: standard attention, whose blocks of 256 rows read K and V once each`, () => {
      const { of } = elements('standard', config);
      // Every operand once, as if a cache held all of K and V.
      expect(4 * n * d + 4 * n * n).toBe(standard);
      const again = 2 * (Math.ceil(n / 256) - 1) * n * d;
      expect(of('loads') + of('stores', ['lse'])).toBe(standard + again);
      expect(of('stores') - of('stores', ['lse'])).toBe(n);
    });
  }

  test('ragged tiles load exact rows', () => {
    const { of } = elements('flash-v2', square(200, 32, 32, 48));
    expect([of('loads'), of('stores')]).toEqual([96000, 6600]);
  });

  test('small tiles move more than standard attention does: the honest case', () => {
    const config = square(512, 64, 16, 16);
    const total = (variant: string) => elements(variant, config).of('loads') + elements(variant, config).of('stores');
    expect(total('flash-v2')).toBe(2163200);
    expect(total('flash-v2')).toBeGreaterThan(total('standard'));
    const roomier = { ...config, br: 64, bc: 8 };
    expect(elements('flash-v2', roomier).of('loads')).toBeLessThan(elements('standard', config).of('loads'));
  });

  test('a tile is visited exactly when one of its rows sees one of its keys', () => {
    let visited = 0;
    for (const [nq, nk, windowLeft, windowRight, causal] of [
      [10, 10, -1, -1, false],
      [10, 10, -1, -1, true],
      [3, 17, -1, -1, true],
      [17, 3, -1, -1, true],
      [19, 23, 4, 2, false],
      [23, 9, 0, 0, false],
      [9, 31, 6, -1, false],
      [1, 1, 0, 0, false],
      [13, 13, -1, 3, false],
    ] as const) {
      const config = resolveConfig({ nq, nk, windowLeft, windowRight, causal, headDim: 4, br: 4, bc: 3 });
      const tiles = new Set<string>();
      for (let row = 0; row < nq; row++) {
        for (let key = 0; key < nk; key++) {
          const distance = key - (row + nk - nq);
          const hidden =
            (config.windowRight >= 0 && distance > config.windowRight) || (windowLeft >= 0 && -distance > windowLeft);
          if (!hidden) tiles.add(`${Math.floor(row / 4)} ${Math.floor(key / 3)}`);
        }
      }
      for (const variant of ['flash-v1', 'flash-v2', 'flash-v2-block-sparse']) {
        expect(attentionCost(variant, config).events?.tiles, `${variant} ${nq} ${nk}`).toBe(tiles.size);
      }
      visited += tiles.size;
    }
    expect(visited).toBeGreaterThan(50);
  });

  test('reads of block-sparse attention follow the number of blocks, and never fall when one is added', () => {
    const config = square(64, 8, 16, 16);
    const reads = (count: number) => {
      const blockmask = Array.from({ length: 16 }, (_, index) => (index < count ? 1 : 0));
      return elements('flash-v2-block-sparse', { ...config, blockmask }).of('loads');
    };
    // Nd for Q, one load per mask entry, and 2 · 16 rows · 8 columns for every block.
    for (let count = 0; count <= 16; count++) expect(reads(count)).toBe(64 * 8 + 16 + count * 256);
  });

  test('extra memory is n² for standard attention, n for FlashAttention, nothing for FlashAttention-2', () => {
    const extra = (variant: string) => attentionCost(variant, resolveConfig(square(128, 16, 16, 16))).extraBytes;
    expect(variantIds.map(extra)).toEqual([2 * 128 * 128 * 4, 128 * 4, 0, 0]);
  });

  test('declared workgroup bytes are those of the kernels’ own text', () => {
    for (const variant of attention.variants.filter(({ id }) => variantIds.some((each) => each === id))) {
      for (const config of [
        { headDim: 24, br: 16, bc: 8 },
        { headDim: 7, br: 3, bc: 5, blockRows: 2, blockCols: 9 },
      ]) {
        const resolved = resolveConfig(config);
        const plan = planAttention(variant.id, resolved, roomy);
        for (const { file, wgsl } of variant.kernels) {
          const { constants } = plan.passes.find(({ kernel }) => kernel === file)!;
          expect(declaredBytes(wgsl, constants), file).toEqual(workgroupArrays(variant.id, resolved)[file]);
        }
      }
    }
  });
});

/** Sizes of the `var<workgroup>` declarations, from the text alone. */
function declaredBytes(wgsl: string, baked: Record<string, number | boolean>): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name, value } of tunables(wgsl)) values[name] = Number(baked[name] ?? value);
  const evaluate = (text: string): number => {
    const named = text.replace(/(\d)u\b/g, '$1').replace(/\b[A-Z_]+\b/g, (name) => String(values[name]));
    // WGSL's integer division truncates.
    return Function(
      `"use strict"; return ${named.replace(/\(([^()]+)\) \/ (\d+)/g, 'Math.floor(($1) / $2)')}`,
    )() as number;
  };
  for (const [, name, text] of wgsl.matchAll(/^const (\w+): u32 = ([^;]*[A-Z][^;]*);/gm))
    values[name!] = evaluate(text!);
  const sizes: Record<string, number> = {};
  for (const [, name, type] of wgsl.matchAll(/^var<workgroup> (\w+): ([^;]+);/gm)) {
    const array = /^array<\w+, (.+)>$/.exec(type!);
    sizes[name!] = array ? 4 * evaluate(array[1]!) : type === 'vec4<u32>' ? 16 : 4;
  }
  return sizes;
}

test('sizes that nothing can run are counted without a visit to each of their tiles', { timeout: 10_000 }, () => {
  // 16 thousand million tiles: one by one they would hold a page for many minutes.
  const config = square(1_000_000, 8, 16, 4);
  for (const variant of ['flash-v1', 'flash-v2']) {
    expect(elements(variant, config).events).toEqual({ tiles: 62_500 * 250_000 });
  }
  expect(elements('flash-v2', config).of('loads', ['q'])).toBe(62_500 * 2 * 1_000_000 * 8);
});

test('the rows under a query tile are those of its key tiles, one after the other', () => {
  for (const [nq, nk, windowLeft, windowRight] of [
    [37, 53, -1, -1],
    [53, 37, -1, 0],
    [64, 61, 5, 3],
    [9, 200, 0, 0],
    [200, 9, 2, 0],
  ] as const) {
    const config = resolveConfig({ nq, nk, windowLeft, windowRight, br: 4, bc: 8 });
    for (const queryTile of queryTiles(config, 0, queryTileCount(config, nq), nq, nk)) {
      let rows = 0;
      for (let tile = queryTile.from; tile < queryTile.to; tile++) rows += keyRows(config, nk, tile);
      expect(keyRowsUnder(config, nk, queryTile)).toBe(rows);
    }
  }
});

describe('tilesForM', () => {
  const defaults = {};

  test('fits the whole footprint of the paper’s working set', () => {
    expect(tilesForM(4096, 32, defaults)).toEqual({ br: 32, bc: 16 });
    expect(tilesForM(4096, 16, defaults)).toEqual({ br: 16, bc: 64 });
    for (const headDim of [8, 24, 64, 128]) {
      for (const m of [1024, 2048, 4096, 8192]) {
        const tiles = tilesForM(m, headDim, defaults);
        expect(footprintFloats(tiles, headDim)).toBeLessThanOrEqual(m);
        const config = resolveConfig({ headDim, ...tiles });
        for (const variant of variantIds.slice(1)) expect(() => planAttention(variant, config, defaults)).not.toThrow();
      }
    }
  });

  test('says what is needed when nothing fits', () => {
    expect(() => tilesForM(300, 128, defaults)).toThrow(/M = 300 .* 515 are needed/);
  });
});
