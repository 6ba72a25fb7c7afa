import { expect, test } from 'vitest';
import { cards } from '#gpu/mechanisms/cards.ts';
import { createConfigStore } from '../state/stores/config-store.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../state/stores/experiment.ts';
import { hasLeftSentence, presetOf, withPreset } from './open-preset.ts';

test('every preset is known again when it is open, and no longer once anything of it is changed', () => {
  const presets = [...cards.values()].flatMap((card) => card.presets.map((preset) => ({ card, preset })));
  expect(presets.length).toBeGreaterThan(10);
  for (const { card, preset } of presets) {
    const open: Experiment = { ...DEFAULT_EXPERIMENT, mechanism: card.id, ...withPreset(preset, DEFAULT_EXPERIMENT) };
    const reversed = Object.fromEntries(Object.entries(open.config).reverse());
    const known = [open, { ...open, config: reversed }, { ...open, seed: 7 }].map((each) => presetOf(card, each)?.id);
    expect(known, preset.id).toEqual([preset.id, preset.id, preset.id]);
    const changed: Partial<Experiment>[] = [
      { variant: 'another' },
      { config: { ...open.config, more: 1 } },
      { input: 'sentence' },
      { sources: { 'kernel.wgsl': '' } },
    ];
    for (const patch of changed) expect(presetOf(card, { ...open, ...patch })).toBeUndefined();
  }
});

test('a comparison stays beside a preset, unless the preset runs that variant itself', () => {
  const [preset] = cards.get('attention')!.presets;
  const beside = (compare: string) => withPreset(preset!, { ...DEFAULT_EXPERIMENT, compare }).compare;
  expect(beside('another')).toBe('another');
  expect(beside(preset!.variant)).toBeNull();
});

test('a sentence that a preset took off the stage is said until undo brings it back, or anything else is changed', () => {
  const card = cards.get('attention')!;
  const config = createConfigStore(() => 0);
  const isSaid = () => hasLeftSentence(card, config.getState());
  const open = (id: number) => config.getState().change(withPreset(card.presets[id]!, config.getState().experiment));
  const { text } = config.getState().experiment;
  expect(isSaid()).toBe(false);
  open(0);
  expect(isSaid()).toBe(true);
  config.getState().undo();
  expect([isSaid(), config.getState().experiment.input, config.getState().experiment.text]).toEqual([
    false,
    'sentence',
    text,
  ]);
  open(0);
  open(1);
  expect(isSaid()).toBe(false);
});
