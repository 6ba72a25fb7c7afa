import { expect, test, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import { wholeExhibits } from '../../exhibit/testing/whole-exhibits.ts';
import { attentionControls } from '../../mechanisms/attention/controls.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { assertWatchable, prepareRun } from './prepared-run.ts';
import { largestFitting, mostMoved, movedBy, watchableEnd } from './watch-limits.ts';

const LIMITS = {
  maxComputeWorkgroupStorageSize: 32_768,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 134_217_728,
};
/** Few numbers, read again and again: tiles of one row. */
const HUGE = { heads: 1, nq: 2048, nk: 1024, headDim: 32, br: 1, bc: 16 };
const moved = (config: object) => movedBy(attention, 'flash-v2', attention.resolve(config));
const caseOf = (config: object) => ({
  mechanism: attention,
  variant: 'flash-v2',
  config: config as Record<string, number>,
  limits: LIMITS,
  isSoftware: true,
});

function refusal(config: Record<string, number>, isSoftware: boolean): EngineError {
  const experiment = { ...DEFAULT_EXPERIMENT, variant: 'flash-v2', config, input: 'random' as const };
  const prepared = prepareRun(attention, experiment, 'flash-v2', null, LIMITS);
  try {
    assertWatchable(prepared, isSoftware);
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error('it was not refused');
}

test('the largest that fits is found from below, near enough, and none where 1 is too much', () => {
  expect(largestFitting((value) => value <= 20, 2048)).toBe(20);
  expect(largestFitting(() => true, 17)).toBe(17);
  expect(largestFitting(() => false, 17)).toBeNull();
  const found = largestFitting((value) => value <= 1900, 2048)!;
  expect(found).toBeLessThanOrEqual(1900);
  expect(found).toBeGreaterThan(1900 - 64);
});

test('a run that is too long is refused with its size, the limit, and sizes that do fit', () => {
  const { message, field, value, limit } = refusal(HUGE, true);
  expect(message).toContain(`would move ${moved(HUGE).toLocaleString('en')} numbers`);
  expect(message).toContain('a recording in software stops at 67,108,864');
  expect([field, value]).toEqual(['nq', '2,048']);
  const offers = [...message.matchAll(/(\w+) ([\d,]+) in place of/g)];
  expect(offers.map(([, key]) => key)).toEqual(['nq', 'nk']);
  for (const [, key, size] of offers) {
    expect(moved({ ...HUGE, [key!]: Number(size!.replaceAll(',', '')) }), key).toBeLessThanOrEqual(mostMoved(true));
  }
  expect(moved({ ...HUGE, nq: Math.ceil(Number(String(limit).replace(',', '')) * 1.15) })).toBeGreaterThan(
    mostMoved(true),
  );
});

test('the range of a size ends where a run of it is refused, and only there', () => {
  const nk = attentionControls.find(({ id }) => id === 'nk')!;
  const most = watchableEnd(nk, 2048, caseOf({ ...HUGE, nk: 64 }))!;
  expect(most).toBeLessThan(1024);
  expect(() => refusal({ ...HUGE, nk: most }, true)).toThrow('it was not refused');
  expect(refusal({ ...HUGE, nk: 1024 }, true).code).toBe('limit-exceeded');
  expect(watchableEnd(nk, 2048, caseOf({ heads: 1, nq: 64, nk: 64, headDim: 32 }))).toBeNull();
});

const described = (await wholeExhibits()).filter(({ mechanism }) => mechanism !== attention);

test.each(described)(
  '$mechanism.id: all sizes at their ends can be watched, one after the other',
  ({ mechanism, view }) => {
    // The variant that moves the most is the first to end.
    const sizes = mechanism.resolve(mechanism.presets[0]!.config);
    const moved = (variant: string) => movedBy(mechanism, variant, sizes);
    const variant = mechanism.variants.map(({ id }) => id).reduce((most, id) => (moved(id) > moved(most) ? id : most));
    const config = { ...mechanism.presets[0]!.config } as Record<string, number>;
    const lengthening = view.controls.filter(({ lengthens }) => lengthens);
    for (const control of lengthening) {
      const { max } = control.range(config, LIMITS);
      const most = watchableEnd(control, max, { mechanism, variant, config, limits: LIMITS, isSoftware: true });
      Object.assign(config, control.apply(config, most ?? max, LIMITS));
      expect(movedBy(mechanism, variant, mechanism.resolve(config)), control.id).toBeLessThanOrEqual(mostMoved(true));
    }
    expect(lengthening.length).toBeGreaterThanOrEqual(2);
  },
);

test('heads can be lowered even where key heads were to follow them', () => {
  const heads = attentionControls.find(({ id }) => id === 'heads')!;
  const many = { heads: 4, kvHeads: 4, nq: 1024, nk: 1024, headDim: 64, br: 16, bc: 16 };
  expect(watchableEnd(heads, 16, caseOf(many))).toBe(
    Math.floor(mostMoved(true) / moved({ ...many, heads: 1, kvHeads: 1 })),
  );
});

test('a run that is far too long is refused before the engine is asked, and the page makes no inputs for any', () => {
  const made = vi.fn(attention.makeInputs);
  const experiment = { ...DEFAULT_EXPERIMENT, variant: 'flash-v2', config: HUGE, input: 'random' as const };
  const watched = { ...attention, makeInputs: made };
  expect(() => prepareRun(watched, experiment, 'flash-v2', null, LIMITS, [], true)).toThrow('a recording in software');
  expect(made).not.toHaveBeenCalled();
  prepareRun(watched, { ...experiment, config: { ...HUGE, nq: 64, nk: 64 } }, 'flash-v2', null, LIMITS, [], true);
  expect(made).not.toHaveBeenCalled();
});
