import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { shipped } from './testing/frozen-scenes.ts';
import { wholeExhibits } from './testing/whole-exhibits.ts';
import { loadWholeView } from './whole-view.ts';

const exhibits = await wholeExhibits();
const files = JSON.parse(readFileSync('public/recordings/index.json', 'utf8')) as { file: string }[];

describe.each(exhibits)('$mechanism.id', ({ mechanism, view }) => {
  test('says what its picture means, and at most three ways on, each to something that is there', async () => {
    const { caption, offers = [] } = (await view.welcome?.())!;
    expect(caption).toMatch(/\.$/);
    expect(offers.length).toBeLessThanOrEqual(3);
    for (const { label, mechanism: id = mechanism.id, variant, config = {}, view: shown } of offers) {
      const target = exhibits.find((each) => each.mechanism.id === id)!;
      const offered = mechanisms.get(id)!;
      expect(() => offered.resolve({ ...offered.presets[0]?.config, ...config }), label).not.toThrow();
      if (variant)
        expect(
          target.mechanism.variants.map((each) => each.id),
          label,
        ).toContain(variant);
      if (shown)
        expect(
          target.view.views.map((each) => each.id),
          label,
        ).toContain(shown);
    }
  });

  test('no view of any shipped recording is a dead end', async () => {
    const views = await Promise.all(view.views.map(loadWholeView));
    for (const { file } of files.filter(({ file: each }) => each.startsWith(mechanism.id))) {
      const run = await shipped(file.replace('.rec', ''));
      for (const { id, nothing, instead = [] } of views) {
        if (!nothing?.(run)) continue;
        expect(instead.length, `${id} of ${file}`).toBeGreaterThan(0);
        for (const { variant } of instead) expect(mechanism.variants.map((each) => each.id)).toContain(variant);
      }
    }
  });
});
