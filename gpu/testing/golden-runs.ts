// Test code: golden families on the device, through the public API, as golden-map.ts says and in no other way.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../runtime/api.ts';
import { openEngine } from '../runtime/engine.ts';
import { expectGolden, goldenCases } from './golden-cases.ts';
import { goldenMap } from './golden-map.ts';

/**
 * One variant on all cases of a family that it takes; fails at the first golden output that is missed.
 *
 * @param keys config keys beside those of the map, which change how the result is computed and not what it is
 * @returns cases compared
 */
export async function runGoldens(engine: Engine, family: string, variant: string, keys: object = {}): Promise<number> {
  const { mechanism, experiment } = goldenMap[family]!;
  let compared = 0;
  for (const golden of await goldenCases(family)) {
    const run = experiment(golden.params, golden.inputs, variant);
    if (!run) continue;
    const label = `${golden.id} ${mechanism}/${variant} ${JSON.stringify(keys)}`;
    const { inputs } = run;
    const { outputs, warnings } = await engine.run(
      { mechanism, variant, config: { ...run.config, ...keys } },
      { inputs },
    );
    // An input left out would be made from the seed, and said here.
    expect(warnings, label).toEqual([]);
    expectGolden(label, golden, outputs);
    compared++;
  }
  return compared;
}

/**
 * Defines the golden tests of a folder: every variant on every case.
 *
 * @param families number of cases of each, all of which all of its variants take
 * @param settings config keys to run with beside those of the map; every case runs once with each
 */
export function testGoldens(families: Record<string, number>, settings: object[] = [{}]): void {
  let engine: Engine;
  let passed = 0;
  let expected = 0;
  beforeAll(async () => {
    engine = await openEngine();
  });
  afterAll(() => {
    engine?.dispose();
  });

  for (const [family, cases] of Object.entries(families)) {
    for (const variant of goldenMap[family]!.variants) {
      expected += cases * settings.length;
      test(`${variant} equals the golden outputs of ${family}`, async () => {
        expect((await goldenCases(family)).length).toBe(cases);
        for (const keys of settings) passed += await runGoldens(engine, family, variant, keys);
      });
    }
  }

  test('no golden case was skipped', () => {
    console.log(`golden: ${passed} cases × variants × settings of ${Object.keys(families).join(', ')} passed`);
    expect(passed).toBe(expected);
    expect(passed).toBeGreaterThan(0);
  });
}
