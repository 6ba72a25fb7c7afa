import { describe, expect, test } from 'vitest';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import type { Config, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { wholeExhibits } from '../../exhibit/testing/whole-exhibits.ts';
import { prepareRun } from '../../state/run/prepared-run.ts';
import { DEFAULT_EXPERIMENT } from '../../state/stores/experiment.ts';
import { kernelConstants, textAsRun, unusedValues, usedWords } from './constants-in-use.ts';

const LIMITS = {
  maxComputeWorkgroupStorageSize: 32_768,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 134_217_728,
};

const SHIPPED = `const BR: u32 = 32u; // rows @tune 8 16
const BC: u32 = 16u; // keys @tune 8 16
const LANES: u32 = 4u; // lanes @shape
const VARLEN: bool = false; // lengths @flag
fn f() {}
`;
const USED = { BR: 16, BC: 4, LANES: 8, VARLEN: false };
const labels: Record<string, string> = { BR: 'Query tile', BC: 'Key tile' };
const held = kernelConstants(SHIPPED, USED, (name) => labels[name]);

describe('what settings and sizes decide', () => {
  test('a typed value that is not used names the constant, the value of the run and the control', () => {
    const draft = SHIPPED.replace('BR: u32 = 32u', 'BR: u32 = 16u').replace('BC: u32 = 16u', 'BC: u32 = 8u');
    expect(unusedValues(draft, held)).toEqual([
      'BC is set by the settings (Key tile): this run has BC = 4; 8 is not used.',
      'LANES is set by the sizes: this run has LANES = 8; 4 is not used.',
    ]);
  });

  test('the text as it ran has nothing to say, nor has one that cannot be read while it is typed', () => {
    const text = textAsRun(SHIPPED, held);
    expect(text).toContain('BC: u32 = 4u;');
    expect(unusedValues(text, held)).toEqual([]);
    expect(unusedValues(SHIPPED.replace('16u', ''), held)).toEqual([]);
    expect(textAsRun(SHIPPED.replace('16u', ''), held)).toBe(SHIPPED.replace('16u', ''));
  });

  test('a constant that the text no longer marks is left out', () => {
    const text = SHIPPED.replace(' @shape', '');
    expect(textAsRun(text, held)).toContain('LANES: u32 = 4u;');
    expect(unusedValues(textAsRun(text, held), held)).toEqual([]);
  });

  test('before anything ran, the shipped value is the one to differ from', () => {
    const unknown = kernelConstants(SHIPPED, undefined, () => undefined);
    expect(unusedValues(SHIPPED, unknown)).toEqual([]);
    expect(unusedValues(SHIPPED.replace('16u', '8u'), unknown)).toEqual([
      'BC is set outside this text; 8 is not used.',
    ]);
    expect(usedWords(unknown)).toBe('');
  });

  test('the values of the run are listed, each with its control', () => {
    expect(usedWords(held)).toBe('BR = 16 (Query tile), BC = 4 (Key tile), LANES = 8, VARLEN = false');
  });

  test('constants chosen by measuring say so', () => {
    const [first] = kernelConstants(SHIPPED, USED, () => undefined, ['BR']);
    expect(first?.by).toBe('chosen by tuning to this device');
  });
});

const exhibits = await wholeExhibits();
const named = exhibits.flatMap(({ mechanism, view }) =>
  view.controls.flatMap((control) => (control.constants ?? []).map((name) => ({ mechanism, control, name }))),
);

/** Values of a constant over a mechanism's kernels. */
function valuesOf(mechanism: Mechanism, variant: string, config: Config, name: string): string {
  const plan = mechanism.plan(variant, mechanism.resolve(config, undefined), LIMITS);
  return JSON.stringify(plan.passes.map(({ constants }) => constants[name]));
}

test.each(named)('$mechanism.id: the control “$control.label” sets $name', ({ mechanism, control, name }) => {
  const { range, apply, appliesTo, kind } = control;
  const base = mechanism.presets[0]!.config;
  const { min, max, choices } = range(base, LIMITS);
  const values = kind === 'toggle' ? [false, true] : (choices ?? [min, Math.min(max, min + 1)]);
  const variants = mechanism.variants.filter(({ id }) => appliesTo?.(id, 'random') ?? true);
  const found = variants.map(({ id }) => {
    const seen = values.map((value) => valuesOf(mechanism, id, { ...base, ...apply(base, value, LIMITS) }, name));
    return new Set(seen).size;
  });
  expect(Math.max(...found)).toBeGreaterThan(1);
});

test('a text that differs in nothing but such values is no edited kernel', () => {
  const file = 'flash-v2.wgsl';
  const shipped = attention.variants.find(({ id }) => id === 'flash-v2')!.kernels[0]!.wgsl;
  const editedBy = (source: string) =>
    prepareRun(
      attention,
      { ...DEFAULT_EXPERIMENT, input: 'random', config: { nq: 16, nk: 16, headDim: 8 }, sources: { [file]: source } },
      'flash-v2',
      null,
      LIMITS,
    ).edited;
  expect(editedBy(shipped.replace('const BC: u32 = 16u', 'const BC: u32 = 8u'))).toEqual([]);
  expect(editedBy(`${shipped}\n// mine\n`)).toEqual([file]);
});
