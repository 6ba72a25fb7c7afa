import { expect, test } from 'vitest';
import { checkPlan } from '../../plan/check.ts';
import { linesBeside } from '../../testing/kernel-lines.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { combinesPerTile } from './counts.ts';
import { selectiveScan } from './selective-scan.ts';

const LIMITS = { maxComputeInvocationsPerWorkgroup: 256 };

test('every plan fits its kernels, binds at most seven buffers and is plain data', () => {
  for (const { id, kernels } of selectiveScan.variants) {
    for (const mode of ['s6', 's4']) {
      const config = selectiveScan.resolve({
        batch: 2,
        dim: 5,
        dstate: 3,
        seqlen: 100,
        mode,
        lastState: mode === 's6',
      });
      const plan = selectiveScan.plan(id, config, LIMITS);
      checkPlan(plan, Object.fromEntries(kernels.map(({ file, wgsl }) => [file, wgsl])), LIMITS);
      expect(structuredClone(plan)).toEqual(plan);
    }
  }
});

test('the presets are valid and name variants', () => {
  for (const { id, variant, config } of selectiveScan.presets) {
    expect(
      selectiveScan.variants.map((each) => each.id),
      id,
    ).toContain(variant);
    selectiveScan.plan(variant, selectiveScan.resolve(config), LIMITS);
  }
});

test('a scan wider than a workgroup of this device is refused with the limit', () => {
  const config = selectiveScan.resolve({ batch: 1, dim: 1, dstate: 1, seqlen: 300, scan: 256 });
  expect(() => selectiveScan.plan('blelloch', config, { maxComputeInvocationsPerWorkgroup: 128 })).toThrow(
    expect.objectContaining({ code: 'limit-exceeded', field: 'scan', value: 256, limit: 128 }),
  );
  expect(() => selectiveScan.plan('quantum', config, LIMITS)).toThrow(
    expect.objectContaining({ code: 'unknown-variant', value: 'quantum' }),
  );
});

test('combines of n steps are n log₂ n − (n − 1) and 2 (n − 1); of 64, 321 and 126', () => {
  for (const n of [8, 16, 32, 64, 128, 256]) {
    expect(combinesPerTile('hillis-steele', n)).toBe(n * Math.log2(n) - (n - 1));
    expect(combinesPerTile('blelloch', n)).toBe(2 * (n - 1));
  }
  expect(combinesPerTile('hillis-steele', 64)).toBe(321);
  expect(combinesPerTile('blelloch', 64)).toBe(126);
});

test('a trap’s kernel differs from the one it stands for in the mistake only', () => {
  const { kernels } = selectiveScan.variants.find(({ id }) => id === 'unfused')!;
  const text = (name: string) => kernels.find(({ file }) => file === name)!.wgsl;
  expect(linesBeside(text('discretize.wgsl'), text('discretize-naive.wgsl'))).toEqual([
    'let gain = hold(x);',
    'b_bar_u[(row + time) * N + n] = step * signal * b_tile[b + n] * gain;',
  ]);
  expect(linesBeside(text('discretize-naive.wgsl'), text('discretize.wgsl'))).toHaveLength(7);
  expect(linesBeside(text('recur.wgsl'), text('quotient.wgsl'))).toEqual([
    'const GUARDED: bool = false;',
    'var product = 1.0;',
    'var sum = 0.0;',
    'product *= a_bar[at];',
    'var divisor = product;',
    'if (GUARDED) {',
    'divisor += 1e-12;',
    'sum += b_bar_u[at] / divisor;',
    'h = product * sum;',
  ]);
});

test('unfused costs exactly six more passes over the states than fused, and u once more', () => {
  const config = selectiveScan.resolve({ batch: 2, dim: 32, dstate: 16, seqlen: 64 });
  const total = (variant: string) =>
    selectiveScan
      .cost(variant, config)
      .buffers.filter(({ buffer }) => !buffer.endsWith('_tile'))
      .reduce((sum, { loads, stores }) => sum + loads + stores, 0);
  expect(total('unfused') - total('sequential')).toBe(2 * 32 * 64 * (6 * 16 + 1));
});

test('fused at 32 channels, 16 states, 64 steps: 3 D L + 2 N L + D N + D reads, and D L writes', () => {
  const { config } = selectiveScan.presets.find(({ id }) => id === 'spec-ratio')!;
  const { buffers } = selectiveScan.cost('sequential', selectiveScan.resolve(config));
  const storage = buffers.filter(({ buffer }) => !buffer.endsWith('_tile'));
  const sum = (kind: 'loads' | 'stores') => storage.reduce((all, row) => all + row[kind], 0);
  expect([sum('loads'), sum('stores')]).toEqual([8736, 2048]);
});

test('no two lanes of a parallel scan race, and without any one barrier some do', () => {
  const [dim, n, seqlen, scan] = [1, 2, 7, 4];
  const values = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 37) % 11) / 11 - 0.4);
  const run = (wgsl: string) =>
    countRaces({
      wgsl,
      constants: {
        SCAN: scan,
        N: n,
        B_PER_CHANNEL: false,
        C_PER_CHANNEL: false,
        HAS_D: true,
        HAS_Z: true,
        HAS_BIAS: true,
        SOFTPLUS: true,
        ZOH: false,
        KEEP_STATE: true,
      },
      bindings: {
        0: values(dim * seqlen),
        1: values(dim * seqlen),
        2: values(dim * seqlen),
        3: values(2 * n * seqlen),
        4: values(dim * (n + 2)),
        5: new Float32Array(dim * seqlen),
        6: new Float32Array(dim * n),
        7: { uniform: Uint32Array.from([dim, seqlen, dim, 0, n * seqlen, 0, n * seqlen, n * seqlen, 0]) },
      },
      workgroups: [dim, 1, 1],
    });
  for (const file of ['hillis-steele.wgsl', 'blelloch.wgsl']) {
    const { wgsl } = selectiveScan.variants.flatMap(({ kernels }) => kernels).find((kernel) => kernel.file === file)!;
    expect(run(wgsl), file).toBe(0);
    const caught = withoutEachBarrier(wgsl).map((mutant) => run(mutant) > 0);
    console.log(`${file}: ${caught.filter(Boolean).length} of ${caught.length} removed barriers are caught`);
    expect(caught, file).toEqual(caught.map(() => true));
  }
});
