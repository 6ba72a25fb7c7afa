// Every golden case of the selective scan, on every variant that takes it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../primitives/sequential-scan/fixtures/mamba_selective_scan/manifest.json';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import {
  expectGolden,
  type GoldenCase,
  type GoldenManifest,
  loadGolden,
  runGolden,
} from '../../testing/golden-cases.ts';
import { selectiveScan } from './index.ts';

const files = import.meta.glob<string>('../../primitives/sequential-scan/fixtures/*/*.bin', {
  query: '?url&inline',
  import: 'default',
  eager: true,
});

let engine: Engine;
let cases: GoldenCase[];
let passed = 0;
beforeAll(async () => {
  engine = await openEngine();
  cases = await loadGolden(manifest as unknown as GoldenManifest, files);
});
afterAll(() => engine.dispose());

const configOf = ({ params }: GoldenCase) => ({ deltaSoftplus: params.delta_softplus as boolean });

test('the float64 reference equals the golden outputs', () => {
  expect(cases).toHaveLength(5);
  for (const golden of cases) {
    const config = selectiveScan.resolve(configOf(golden), golden.inputs);
    const exact = Object.fromEntries(
      Object.entries(golden.outputs).map(([name, output]) => [name, { ...output, tolerance: 1e-12 }]),
    );
    expectGolden(golden.id, selectiveScan.reference(config, golden.inputs), exact);
  }
});

for (const variant of ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked']) {
  test(`${variant} equals the golden outputs`, async () => {
    for (const golden of cases) {
      await runGolden(engine, 'selective-scan', variant, { ...configOf(golden), chunk: 7, scan: 8 }, golden);
      await runGolden(engine, 'selective-scan', variant, configOf(golden), golden);
      passed++;
    }
  });
}

test('no golden case was skipped', () => {
  console.log(`golden: ${passed} cases × variants of the selective scan passed`);
  expect(passed).toBe(30);
});
